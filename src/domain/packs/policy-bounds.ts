import { GROUNDS } from '../case/details.js';
import { NATIONAL_DEFAULT, type KindPolicy, type Limits, type Policy } from '../policy/policy.js';
import { atMost, between, nothing, reminderWithin, when, windowOf, type Bound, type BoundFault, type PackFault } from './policy-bound.js';
import type { PolicyContent } from './policy-pack.js';
import { RECORD_FIELDS } from '../dossier/record.js';
import { KINDS, isProvince, isTransfer, type Kind, type Party } from '../procedure/procedure.js';
import { OPTIONAL } from '../preconditions/optional.js';
import { PROCEDURES, stepFor } from '../procedure/procedures.js';
import { parsePlainDate } from '../working-days.js';

/** Around a kind's key: the kind, its whole policy and the policy. */
interface OfKind {
  readonly kind: Kind;
  readonly rules: KindPolicy;
  readonly policy: PolicyContent;
}

/** A key without a bound does not compile. */
interface Bounds {
  readonly kinds: { readonly [K in keyof KindPolicy]-?: Bound<KindPolicy[K], OfKind> };
  readonly limits: { readonly [K in keyof Limits]-?: Bound<Limits[K], PolicyContent> };
  readonly policy: { readonly [K in Exclude<keyof PolicyContent, 'kinds' | 'limits'>]-?: Bound<PolicyContent[K], PolicyContent> };
}

/** Whom a step must follow, wherever a province puts it (Art 15 依次, Art 16 依次; a superior after the authority that it stands above). */
const FOLLOWS: Readonly<Partial<Record<Party, Party>>> = {
  authority: 'school',
  superior: 'authority',
  sourceSuperior: 'sourceAuthority',
  destinationSuperior: 'destinationAuthority',
  sourceReconfirmation: 'sourceSchool',
  sourceProvince: 'sourceAuthority',
  destinationProvince: 'destinationAuthority',
};

function orderFound(order: readonly Party[], { kind }: OfKind): BoundFault[] {
  return [
    ...PROCEDURES[kind].steps.flatMap(({ party, article }) => when(!order.includes(party), 'party-left-out', { detail: party, article })),
    ...order.flatMap((party, i) => [
      ...when(order.indexOf(party) !== i, 'party-twice', { detail: party, at: `/${i}` }),
      ...when(!stepFor(kind, party), 'unknown-party', { detail: party, at: `/${i}` }),
      ...before(order, party, i),
    ]),
  ];
}

function before(order: readonly Party[], party: Party, i: number): readonly BoundFault[] {
  const earlier = FOLLOWS[party];
  return when(earlier !== undefined && order.indexOf(earlier) > i, 'out-of-sequence', { detail: `${party} after ${earlier}`, at: `/${i}` });
}

/** Whether a kind asks a party: in its order, or as a province that decides on transfers into or out of it (A3). */
const asks = (party: Party, kind: Kind, { order }: KindPolicy, { filing }: PolicyContent): boolean =>
  order.includes(party) || (filing.blocking && isTransfer(kind) && isProvince(party));

const isSideAuthority = (party: Party | undefined): boolean => party === 'sourceAuthority' || party === 'destinationAuthority';

/** 上传证明材料: what no pack may ask less than (Art 11, 14 ¶1, 15, 16, A13a). Art 14 ¶2 names no evidence, nor is A19 the regulation's. */
export const LEAST_EVIDENCE: Readonly<Record<Kind, 0 | 1>> = {
  transfer: 1,
  crossTrackTransfer: 0,
  repeatYear: 1,
  changeMajor: 1,
  changeStudyMode: 1,
  suspension: 1,
  resumption: 1,
  withdrawal: 1,
  deregistration: 1,
  death: 1,
  infoCorrection: 1,
  studyCorrection: 1,
  registrationException: 1,
  reinstatement: 0,
};

const isRecordField = (field: string): boolean => (RECORD_FIELDS as readonly string[]).includes(field);

const MONTHS = [1, 12] as const;
const months = windowOf(...MONTHS, '月份', 'months');
/** Of a study of five years at most. */
const terms = windowOf(1, 10, '第几学期', 'terms of study');

/** The first escalation is never later than by the national default. */
const LATEST = NATIONAL_DEFAULT.escalate.after;

/** The longest step of a policy, in working days. */
const longestStep = ({ kinds }: PolicyContent): number =>
  Math.max(
    ...KINDS.flatMap((kind) => kinds[kind].order.map((party) => kinds[kind].workingDays[party] ?? stepFor(kind, party)?.workingDays ?? 0)),
  );

/**
 * THE BOUNDS: what every key may say. The regulation's own periods may be shortened, never lengthened; parties may be added, never removed
 * (A17).
 */
export const BOUNDS: Bounds = {
  kinds: {
    order: {
      article: 'Art 14–16, A1, A17',
      zh: '规定的办理单位不得减少，可以增加',
      en: 'parties of the regulation stay; others may be added',
      faults: orderFound,
    },
    parallelAuthorities: {
      article: 'Art 14, Art 15, A1',
      zh: '仅限转学中相邻的两个学籍主管部门',
      en: 'only two neighbouring authorities of a transfer',
      faults: (parallel, { kind, rules: { order } }) =>
        when(
          parallel && !(isTransfer(kind) && order.some((party, i) => isSideAuthority(party) && isSideAuthority(order[i + 1]))),
          'parallel-not-possible',
        ),
    },
    workingDays: {
      article: 'Art 14–16, A17',
      zh: '每个环节 1–10 个工作日，可以缩短',
      en: '1 to 10 working days a step; shortened, never lengthened',
      faults: (days, { kind, rules, policy }) =>
        Object.entries(days).flatMap(([party, value]) => {
          const step = stepFor(kind, party);
          const at = `/${party}`;
          if (!step || !asks(step.party, kind, rules, policy)) return [{ code: 'unknown-party', at, detail: party }];
          if (value > step.workingDays)
            return [{ code: 'longer-than-national', at, article: step.article, detail: `${value}: at most ${step.workingDays}` }];
          return when(!Number.isInteger(value) || value < 1, 'out-of-bounds', { at, detail: `${value}: at least 1` });
        }),
    },
    deadlineScope: {
      article: 'Art 14–16, A2',
      zh: '各环节分别计算或合计计算',
      en: 'each step of its own, or all steps together',
      faults: nothing,
    },
    leastEvidence: {
      article: 'Art 11, 14 ¶1, 15, 16, A13a',
      zh: '证明材料最少件数：规定要求上传证明材料的为 1–20，其余为 0–20',
      en: 'pieces of evidence: 1 to 20 where the regulation asks for evidence, else 0 to 20',
      faults: (least, { kind }) =>
        when(!Number.isInteger(least) || least < LEAST_EVIDENCE[kind] || least > 20, 'out-of-bounds', {
          detail: `${least}: ${LEAST_EVIDENCE[kind]} to 20`,
        }),
    },
    evidence: {
      article: 'Art 14–16',
      zh: '要求材料时须列明；有 id 的材料必须提交，可限于某些事由',
      en: 'what is asked for is named; an item with an id must be there, if need be on some grounds only',
      faults: (evidence, { kind, rules }) => [
        ...when(rules.leastEvidence > 0 && evidence.length === 0, 'evidence-not-named'),
        ...evidence.flatMap(({ id, grounds = [] }, i) => [
          ...when(id !== undefined && evidence.findIndex((one) => one.id === id) !== i, 'evidence-id-twice', {
            detail: id,
            at: `/${i}/id`,
          }),
          ...when(id === undefined && grounds.length > 0, 'evidence-without-id', { at: `/${i}/grounds` }),
          ...grounds.flatMap((ground, n) =>
            when(!GROUNDS[kind]?.includes(ground), 'unknown-ground', { detail: ground, at: `/${i}/grounds/${n}` }),
          ),
        ]),
      ],
    },
    rules: {
      article: 'Art 28, A17',
      zh: '可选的前置条件',
      en: 'preconditions that may be switched on',
      faults: (rules, { kind }) =>
        rules.flatMap((rule, i) => when(!OPTIONAL[rule]?.kinds.includes(kind), 'rule-does-not-apply', { detail: rule, at: `/${i}` })),
    },
  },
  limits: {
    termDays: between(0, 200, 'A17', '一学期的天数', 'days of a term'),
    graduatingDays: between(0, 400, 'A17', '毕业前的天数', 'days before leaving'),
    transferMonths: months,
    transferTerms: terms,
    changeMajorTerms: terms,
    otherCategoryTerm: between(1, 10, 'A17', '跨专业大类转专业的最后学期', 'last term for a major of another category'),
    sameCategoryTerm: between(1, 10, 'A17', '同一专业大类转专业的最后学期', 'last term for a major of the same category'),
    repeatMonths: months,
    changeMajorDays: {
      ...between(1, 200, 'A17', '开学后的天数', 'days of a term'),
      faults: (days) => [...when(days < 1, 'window-never-opens'), ...when(!Number.isInteger(days) || days > 200, 'out-of-bounds')],
    },
    termStarts: {
      article: 'A17',
      zh: '学期开始日期 MM-DD，至少一个',
      en: 'first days of terms MM-DD, at least one',
      faults: (starts) => [
        ...when(starts.length === 0, 'window-never-opens'),
        ...starts.flatMap((start, i) => when(!parsePlainDate(`2027-${start}`), 'out-of-bounds', { detail: start, at: `/${i}` })),
      ],
    },
    termShiftDays: between(0, 30, 'A12, A17', '学校开学日期与本省相差的天数', "days between a school's first day and the province's"),
    leastRemainingDays: between(0, 730, 'A17', '转入时至少剩余的学习天数', 'days of study that remain at least'),
    repeatYears: between(1, 3, 'Art 15, A17', '留级次数', 'times a year is repeated'),
    repeatSharePercent: between(1, 100, 'Art 15, A17', '当年留级人数占全校的百分比', 'of a hundred students who repeat a year at most'),
    suspensionMonths: between(3, 36, 'Art 15, A17', '单次休学最长月数', 'months of one suspension at most'),
    suspensions: between(1, 6, 'Art 15, A17', '休学次数', 'suspensions'),
    suspendedMonths: between(3, 72, 'Art 15, A17', '累计休学最长月数', 'months of all suspensions together at most'),
    longSuspensionMonths: between(12, 36, 'Art 15, A17', '可以退学的连续休学月数', 'months of suspension without a break'),
    businessAfterDays: between(0, 730, 'A17', '创业休学前的在学天数', 'days of enrolment before a suspension to start a business'),
    resumptionNoticeDays: between(0, 60, 'A17', '开学前提出复学的天数', 'days before the term'),
    resumptionReminderDays: reminderWithin(
      90,
      '休学期满前提醒的天数',
      'days before the end of a suspension',
      ({ limits }) => limits.suspensionMonths * 28,
    ),
    resumptionGraceDays: between(0, 365, 'A17', '期满后的宽限天数', 'days of grace'),
  },
  policy: {
    directions: {
      article: 'Art 14 ¶2, A14',
      zh: '可以收窄，不得全部取消',
      en: 'may be narrowed, never to none',
      faults: (directions) => when(directions.length === 0, 'no-direction-left'),
    },
    expiredSuspension: {
      article: 'Art 15',
      zh: '提醒学校，或责令办理退学',
      en: 'reminded, or ordered to file the withdrawal',
      faults: nothing,
    },
    custodian: {
      article: 'Art 12, A25',
      zh: '学校终止办学后的档案保管机构',
      en: 'who keeps the dossiers of a closed school',
      faults: (custodian) =>
        when(custodian !== 'authority' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(custodian), 'out-of-bounds', {
          detail: 'authority, or the id of an organisation',
        }),
    },
    requiredRecord: {
      article: 'Art 7, 28, A17',
      zh: '新生学籍登记的必填项；证件有效期只对居民身份证以外的证件，监护人信息只对未成年人',
      en: 'what a new record must say; the end of a document other than the identity card, guardians of minors',
      faults: (fields) => fields.flatMap((field, i) => when(!isRecordField(field), 'out-of-bounds', { detail: field, at: `/${i}` })),
    },
    unnaturalDeath: {
      article: 'Art 15, A17',
      zh: '非正常死亡另由哪些学籍主管部门核办',
      en: 'who decides besides when a death was not a natural one',
      faults: (parties) =>
        parties.flatMap((party, i) =>
          when(!PROCEDURES.death.mayAdd.some((one) => one.party === party), 'unknown-party', { detail: party, at: `/${i}` }),
        ),
    },
    proofWorkingDays: atMost(10, 'Art 16, R-20', '收到证明后发起变更的工作日', 'working days from the proof to the filing'),
    registerWorkingDays: atMost(20, 'Art 6, R-05', '报到后建立学籍档案的工作日', 'working days from reporting to the record'),
    termRegistrationWorkingDays: atMost(20, 'Art 13, R-15', '开学后学期注册的工作日', 'working days from the first day of a term'),
    termReminderWorkingDays: reminderWithin(
      10,
      '学期注册到期前提醒的工作日',
      'working days before the end of the registration of a term',
      (policy) => policy.termRegistrationWorkingDays,
    ),
    termRetractionWorkingDays: between(
      0,
      60,
      'Art 13, A20',
      '学校自行撤回学期注册的工作日，自注册期限届满或其后的注册之日起',
      'working days in which a school takes a registration back itself, from the last day to register or a later registration',
    ),
    graduationWorkingDays: atMost(
      20,
      'Art 18, R-23',
      '离校前办结毕业、结业的工作日',
      'working days before leaving within which a graduation is completed',
    ),
    graduationAuthorityReview: {
      article: 'Art 18, Art 28',
      zh: '学校审核后，学籍主管部门是否复核毕业、结业',
      en: 'whether the competent authority reviews a graduation after the school',
      faults: nothing,
    },
    earlyLeavingDays: between(0, 184, 'Art 18, A17', '预计毕业日期前可以离校的天数', 'days before the expected leaving day'),
    earlyGraduationMonths: between(0, 12, 'Art 18, A17', '应征入伍提前毕业的月数', 'months by which a student who enlists graduates early'),
    discontinuedMonths: between(12, 24, 'Art 18, A17', '肄业的最短学习月数', 'months of study at least of who leaves without completing'),
    conversionMonths: {
      article: 'Art 20, R-25, A13, A17',
      zh: '结业后换发毕业证书的月数：1–36，可以缩短',
      en: 'months after a completion within which it may become a graduation: 1 to 36; shortened, never lengthened',
      faults: (months) => [
        ...when(months > 36, 'longer-than-national', { detail: `${months}: at most 36` }),
        ...when(!Number.isInteger(months) || months < 1, 'out-of-bounds', { detail: `${months}: at least 1` }),
      ],
    },
    conversionAfterMonths: {
      article: 'Art 20, A13, A17',
      zh: '结业后几个月起可以换发：0 至换发期限之前',
      en: 'months after a completion from which it may become a graduation: fewer than the period has',
      faults: (months, { conversionMonths }) =>
        when(!Number.isInteger(months) || months < 0 || months >= conversionMonths, 'out-of-bounds', {
          detail: `${months}: 0 to ${conversionMonths - 1}`,
        }),
    },
    filing: {
      article: 'Art 14, A3',
      zh: '跨省转学除备案外，由双方省级主管部门在生效前核办，以省级文件为据',
      en: "transfers between provinces are decided by both before they take effect, beside the notices; on the province's own document",
      faults: nothing,
    },
    supplementWorkingDays: between(1, 10, 'A9, A17', '补正的工作日', 'working days of a supplement'),
    leastRemainingWorkingDays: between(3, 10, 'A9', '补正后至少剩余的工作日', 'working days left after a supplement'),
    claimWorkingDays: between(1, 10, 'Art 28', '领取后自动放回前的工作日', 'working days until a claim lapses'),
    remindBefore: {
      article: 'A4',
      zh: '到期前第几个工作日提醒',
      en: 'working days before the due date',
      faults: (days, policy) => [
        ...when(days.length === 0, 'no-reminder'),
        ...days.flatMap((n, i) => [
          ...when(n < 1, 'reminder-after-due', { detail: `${n}`, at: `/${i}` }),
          ...when(n >= longestStep(policy), 'reminder-never-sent', { detail: `${n}`, at: `/${i}` }),
        ]),
      ],
    },
    escalate: {
      article: 'Art 5, A4, A17',
      zh: '首次上报不得晚于全国默认（逾期后第 1 个工作日），其后每 1–10 个工作日上报一级',
      en: 'first no later than the national default, the first working day after the date; then every 1 to 10',
      faults: ({ after, every }) => [
        ...when(!Number.isInteger(after) || after < 1, 'out-of-bounds', { at: '/after', detail: `${after}: at least 1` }),
        ...when(after > LATEST, 'longer-than-national', { at: '/after', detail: `${after}: at most ${LATEST}` }),
        ...when(!Number.isInteger(every) || every < 1 || every > 10, 'out-of-bounds', { at: '/every', detail: `${every}: 1 to 10` }),
      ],
    },
    escalateTo: {
      article: 'Art 5, A4',
      zh: '逾期依次上报的上级：直接上级 nearest、中间各级 between、省级 top；直接上级、省级至少其一',
      en: 'superiors told of what is overdue: the next above (nearest), those between, the province (top); the nearest or the top at least',
      faults: (rungs) => when(!rungs.includes('nearest') && !rungs.includes('top'), 'nobody-told'),
    },
    // A household registers a death or a new name within a month; the school hears of it later.
    effectiveDaysBack: between(31, 1095, 'A20', '生效日期可以追溯的天数', 'days that a change may lie back'),
    stale: {
      article: 'A4',
      zh: '1–12 个月，只提示，不自动撤销',
      en: 'months without an act, 1 to 12; it is notified, never closed by itself',
      faults: ({ afterMonths: n }) =>
        when(!Number.isInteger(n) || n < 1 || n > 12, 'out-of-bounds', { at: '/afterMonths', detail: `${n}: 1 to 12` }),
    },
  },
};

/** Every reason why a policy contradicts the regulation or cannot work, all at once (A17); empty when it may be put into force. Pure. */
export function boundFaults(policy: PolicyContent): PackFault[] {
  return [
    ...KINDS.flatMap((kind) => {
      const rules = policy.kinds[kind];
      return faultsOf(BOUNDS.kinds, rules, `/kinds/${kind}`, { kind, rules, policy });
    }),
    ...faultsOf(BOUNDS.limits, policy.limits, '/limits', policy),
    ...faultsOf(BOUNDS.policy, policy, '', policy),
  ];
}

function faultsOf<Around>(bounds: object, values: object, pointer: string, around: Around): PackFault[] {
  return Object.entries(bounds as Record<string, Bound<unknown, Around>>).flatMap(([key, bound]) =>
    bound.faults((values as Record<string, unknown>)[key], around).map(({ at = '', article = bound.article, code, detail }) => ({
      code,
      pointer: `${pointer}/${key}${at}`,
      article,
      ...(detail === undefined ? {} : { detail }),
    })),
  );
}

/** Which kinds' routes ask a party under a policy. */
export const kindsThatAsk = ({ kinds }: Pick<Policy, 'kinds'>, fits: (party: Party) => boolean): Kind[] =>
  KINDS.filter((kind) => kinds[kind].order.some(fits));
