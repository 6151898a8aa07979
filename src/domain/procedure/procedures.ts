import {
  isBatch,
  isTransfer,
  PARTIES,
  type DecisionAsks,
  type BatchKind,
  type CaseKind,
  type Kind,
  type Party,
  type Procedure,
  type ProcedureStep,
} from './procedure.js';

const step = (party: Party, article: string, zh: string, en: string, asks?: DecisionAsks): ProcedureStep => ({
  party,
  ...PARTIES[party],
  title: { zh, en },
  office: PARTIES[party].level === 'school' ? 'schoolReviewer' : 'authorityReviewer',
  workingDays: 10,
  onOverdue: 'remindThenEscalate',
  ...(asks ? { asks } : {}),
  article,
});

const ART_14 = 'Art 14';
const SOURCE_SCHOOL = step('sourceSchool', ART_14, '转出学校核办', 'review by the source school');
const DESTINATION_SCHOOL = step('destinationSchool', ART_14, '转入学校核办', 'review by the destination school', 'placement');
const SOURCE_AUTHORITY = step('sourceAuthority', ART_14, '转出方学籍主管部门核办', "review by the source school's competent authority");
const DESTINATION_AUTHORITY = step(
  'destinationAuthority',
  ART_14,
  '转入方学籍主管部门核办',
  "review by the destination school's competent authority",
);
const ADDED_TO_TRANSFERS = [
  step('sourceReconfirmation', 'Art 28', '转出学校再确认', 'confirmation by the source school'),
  step('sourceSuperior', 'Art 28', '转出方上级学籍主管部门核办', "review by the superior of the source school's authority"),
  step('destinationSuperior', 'Art 28', '转入方上级学籍主管部门核办', "review by the superior of the destination school's authority"),
  step('sourceProvince', 'Art 28', '转出方省级学籍主管部门核办', 'review by the provincial authority of the source school'),
  step('destinationProvince', 'Art 28', '转入方省级学籍主管部门核办', 'review by the provincial authority of the destination school'),
];

const school = (article: string, asks?: 'placement') => step('school', article, '学校核办', 'review by the school', asks);
const authority = (article: string) => step('authority', article, '学籍主管部门核办', "review by the school's competent authority");
const SUPERIOR = step('superior', 'Art 28', '上级学籍主管部门核办', "review by the authority's superior");

/** School, then authority, in sequence (Art 15, Art 16). */
const inSequence = (kind: Kind, zh: string, en: string, article: string, rules: string, asks?: 'placement'): Procedure => ({
  kind,
  version: 1,
  title: { zh, en },
  article: `${article} (${rules})`,
  filedBy: 'school',
  steps: [school(article, asks), authority(article)],
  mayAdd: [SUPERIOR],
});

/**
 * THE TABLE: one procedure per kind. To change a rule, edit it here and raise its version; cases in flight keep the route they were filed
 * with.
 */
export const PROCEDURES: Readonly<Record<Kind, Procedure>> = {
  transfer: {
    kind: 'transfer',
    version: 1,
    title: { zh: '转学', en: 'transfer between secondary vocational schools' },
    article: 'Art 14 ¶1 (R-16)',
    filedBy: 'sourceSchool',
    steps: [SOURCE_SCHOOL, DESTINATION_SCHOOL, SOURCE_AUTHORITY, DESTINATION_AUTHORITY],
    mayAdd: ADDED_TO_TRANSFERS,
  },
  crossTrackTransfer: {
    kind: 'crossTrackTransfer',
    version: 1,
    title: { zh: '转学（普职之间）', en: 'transfer between a secondary vocational and an ordinary middle school' },
    article: 'Art 14 ¶2 (R-18)',
    filedBy: 'destinationSchool',
    steps: [DESTINATION_SCHOOL, SOURCE_SCHOOL, DESTINATION_AUTHORITY, SOURCE_AUTHORITY],
    mayAdd: ADDED_TO_TRANSFERS,
  },
  repeatYear: inSequence('repeatYear', '留级', 'repeat year', 'Art 15', 'R-19'),
  changeMajor: inSequence('changeMajor', '转专业', 'change of major', 'Art 15', 'R-19'),
  changeStudyMode: inSequence('changeStudyMode', '转学习形式', 'change of study mode', 'Art 15', 'R-19'),
  suspension: inSequence('suspension', '休学', 'suspension', 'Art 15', 'R-19'),
  resumption: inSequence('resumption', '复学', 'resumption', 'Art 15', 'R-19', 'placement'),
  withdrawal: inSequence('withdrawal', '退学', 'withdrawal', 'Art 15', 'R-19, A10'),
  deregistration: inSequence('deregistration', '注销', 'deregistration', 'Art 15', 'R-19, A10'),
  death: inSequence('death', '死亡', 'death', 'Art 15', 'R-19, A16'),
  infoCorrection: inSequence('infoCorrection', '信息变更', 'correction of personal information', 'Art 16', 'R-20, R-21'),
  studyCorrection: inSequence('studyCorrection', '学籍信息更正', 'correction of study data', 'Art 12', 'A11'),
  registrationException: inSequence(
    'registrationException',
    '修改或佐证学籍电子注册',
    'amendment or corroboration of a registration',
    'Art 11',
    'R-11, R-12',
  ),
  // A transfer that is undone was decided by both sides, so each of them decides once again.
  reinstatement: {
    ...inSequence('reinstatement', '恢复学籍', 'reinstatement', 'Art 12', 'A19'),
    bothSides: [SOURCE_SCHOOL, { ...DESTINATION_SCHOOL, asks: undefined }, SOURCE_AUTHORITY, DESTINATION_AUTHORITY].map((one) => ({
      ...one,
      article: 'Art 12',
    })),
  },
};

/** Opened by the process when both sides' claims stand, and decided by the lowest proper common superior (Art 11, R-12, A5). */
export const DUPLICATE_RULING: Procedure<'duplicateRuling'> = {
  kind: 'duplicateRuling',
  version: 1,
  title: { zh: '重复注册审定', en: 'ruling on a duplicate registration' },
  article: 'Art 11 (R-12, A5)',
  filedBy: 'school',
  steps: [
    {
      ...step('superior', 'Art 11', '共同上级学籍主管部门审定', 'ruling by the common superior authority'),
      asks: 'ruling',
    },
  ],
  mayAdd: [],
};

const SCHOOL_OF_ROWS = (article: string) => step('school', article, '学校审核', 'review by the school', 'rows');
const AUTHORITY_OF_ROWS = (article: string) =>
  step('authority', article, '学籍主管部门审核', "review by the school's competent authority", 'rows');

/** Cases about a batch, opened by their own slice when the school submits it. Reviewers decide the whole and return rows. */
export const BATCH_PROCEDURES: Readonly<{ [K in BatchKind]: Procedure<K> }> = {
  intake: {
    kind: 'intake',
    version: 1,
    title: { zh: '新生学籍注册', en: 'registration of an intake' },
    article: 'Art 9 (R-09)',
    filedBy: 'school',
    steps: [SCHOOL_OF_ROWS('Art 9'), AUTHORITY_OF_ROWS('Art 9')],
    mayAdd: [],
  },
  graduation: {
    kind: 'graduation',
    version: 1,
    title: { zh: '毕业结业', en: 'graduation or completion of a class' },
    article: 'Art 18 (R-23)',
    filedBy: 'school',
    steps: [SCHOOL_OF_ROWS('Art 18')],
    mayAdd: [AUTHORITY_OF_ROWS('Art 18')],
  },
};

export function procedureOf(kind: CaseKind): Procedure<CaseKind> {
  if (isBatch(kind)) return BATCH_PROCEDURES[kind];
  return kind === 'duplicateRuling' ? DUPLICATE_RULING : PROCEDURES[kind];
}

/** A step of a kind's procedure: the regulation's own, one that a province may add, or one of both sides. */
export const stepFor = (kind: CaseKind, party: string): ProcedureStep | undefined => {
  const { steps, mayAdd, bothSides = [] } = procedureOf(kind);
  return [...steps, ...mayAdd, ...bothSides].find((one) => one.party === party);
};

/** Which authority is over the school that files. */
export const authorityOfFiler = (kind: Kind): 'sourceAuthority' | 'destinationAuthority' | 'authority' => {
  if (!isTransfer(kind)) return 'authority';
  return PROCEDURES[kind].filedBy === 'sourceSchool' ? 'sourceAuthority' : 'destinationAuthority';
};
