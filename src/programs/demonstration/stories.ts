import { demoClasses } from '../../demo/classes.js';
import { demoId } from '../../demo/demo-id.js';
import { guardianOf, REFERENCE_YEAR, type DemoStudent } from '../../demo/students.js';
import type { Application } from '../../domain/case/acts.js';
import type { Kind } from '../../domain/procedure/procedure.js';
import { addDays } from '../../domain/working-days.js';
import {
  answers,
  approves,
  asks,
  asksToHurry,
  cancels,
  takesInHand,
  comments,
  objects,
  pauses,
  places,
  recalls,
  rejects,
  returns,
  supplements,
  urges,
  type Played,
} from './moves.js';

/** A case of the demonstration: what its school's clerk filed, and what became of it until today. */
export interface Story {
  readonly kind: Exclude<Kind, 'crossTrackTransfer'>;
  /** Code of the filing school. */
  readonly at: string;
  /** So many working days before today. */
  readonly filed: number;
  readonly reason: string;
  /** Whom it may be about, of those who study at the school. */
  readonly whom?: (student: DemoStudent) => boolean;
  /** About the student of the story with this name, which stands before it. */
  readonly sameAs?: string;
  readonly name?: string;
  readonly details: (student: DemoStudent, today: string) => Record<string, unknown>;
  readonly application?: Application['by'];
  readonly moves: readonly Played[];
}

const COMPUTERS = '710201';
const SECOND_YEAR = String(REFERENCE_YEAR - 1);
const nextAugust = `${REFERENCE_YEAR + 1}-08-31`;
const inSecondYear = ({ enrolment }: DemoStudent): boolean => enrolment.state === 'active' && enrolment.grade === SECOND_YEAR;
const isSuspended = ({ enrolment }: DemoStudent): boolean => enrolment.state === 'suspended';
const isMinor = (student: DemoStudent): boolean => guardianOf(student) !== undefined;
const learns =
  (majorCode: string, grade: string) =>
  ({ enrolment }: DemoStudent): boolean =>
    enrolment.majorCode === majorCode && enrolment.grade === grade && enrolment.state === 'active';

const IN_COMPUTERS = learns(COMPUTERS, SECOND_YEAR);

type Told = Omit<Story, 'kind' | 'at' | 'filed' | 'details'>;

const transfer = (at: string, to: string, filed: number, told: Told): Story => ({
  kind: 'transfer',
  at,
  filed,
  details: () => ({ destinationSchoolId: demoId('organisation', to) }),
  ...told,
});
const suspension = (at: string, filed: number, told: Told & { readonly ground?: string; readonly from?: number }): Story => {
  const { ground = 'illness', from, ...more } = told;
  return {
    kind: 'suspension',
    at,
    filed,
    details: (_, today) => ({ ground, until: nextAugust, ...(from === undefined ? {} : { effectiveOn: addDays(today, from) }) }),
    ...more,
  };
};
const withdrawal = (at: string, filed: number, told: Told): Story => ({
  kind: 'withdrawal',
  at,
  filed,
  application: 'studentAndGuardian',
  details: () => ({ ground: 'ownApplication' }),
  ...told,
});
const correction = (at: string, filed: number, changes: (student: DemoStudent) => Record<string, unknown>, told: Told): Story => ({
  kind: 'infoCorrection',
  at,
  filed,
  details: (student, today) => ({ changes: changes(student), proofReceivedOn: addDays(today, -Math.ceil(filed * 1.4) - 6) }),
  ...told,
});
const changeMajor = (at: string, filed: number, majorCode: string, told: Told): Story => ({
  kind: 'changeMajor',
  at,
  filed,
  details: () => ({ majorCode, ground: 'aptitude' }),
  ...told,
});
const resumption = (at: string, filed: number, told: Told): Story => ({
  kind: 'resumption',
  at,
  filed,
  whom: isSuspended,
  details: () => ({}),
  ...told,
});
const studyCorrection = (at: string, filed: number, majorDirection: string, told: Told): Story => ({
  kind: 'studyCorrection',
  at,
  filed,
  details: () => ({ majorDirection }),
  ...told,
});

const classOf = (school: string, students: readonly DemoStudent[]): string =>
  demoClasses(students.map(({ enrolment }) => enrolment)).find(
    ({ schoolId, grade, majorCode }) => schoolId === demoId('organisation', school) && grade === SECOND_YEAR && majorCode === COMPUTERS,
  )?.name ?? '';

/** The registration that is held at 5101-01, because the same document is on record at 3301-01. */
const HELD = { registrationId: demoId('registration', '1'), studentId: demoId('student', 'held-1') };

/** Nobody has moved them for months. */
const UNMOVED: readonly Story[] = [
  transfer('3306-03', '3306-01', 142, { whom: inSecondYear, reason: '随亲属就读', moves: [approves(139)] }),
  transfer('5107-01', '5107-03', 139, { whom: inSecondYear, reason: '离家较近', moves: [approves(137), asksToHurry(134)] }),
];

/** Overdue, escalated, urged. */
const OVERDUE: readonly Story[] = [
  transfer('3301-03', '3306-01', 34, { reason: '父母工作调动', moves: [approves(30)] }),
  suspension('5101-02', 27, { reason: '参加创业项目', moves: [approves(25), urges(9, '请尽快办理，并说明逾期原因', 14)] }),
  studyCorrection('3306-04', 24, '软件与信息服务', { reason: '录入时专业方向遗漏', moves: [approves(20)] }),
  transfer('3301-01', '5101-01', 22, {
    whom: IN_COMPUTERS,
    reason: '随父母迁居成都',
    moves: [approves(21, '情况属实，同意转出。'), asksToHurry(8)],
  }),
  withdrawal('5107-03', 19, { reason: '自谋职业', moves: [] }),
  changeMajor('3306-01', 17, '740101', { whom: IN_COMPUTERS, reason: '对酒店服务更感兴趣', moves: [approves(15)] }),
];

/** Rejected, recalled, cancelled. */
const ENDED: readonly Story[] = [
  suspension('3306-02', 26, { reason: '家庭原因', moves: [approves(24), rejects(20, '缺少县级以上医院证明，不予批准。')] }),
  transfer('5107-01', '3301-01', 21, { reason: '拟随亲属就读', moves: [rejects(18, '学生本人表示不愿转学。')] }),
  withdrawal('3301-03', 16, { reason: '本人申请退学', moves: [recalls(14, '学生经家访后决定继续就读')] }),
  changeMajor('3301-01', 15, '710205', { reason: '兴趣转变', moves: [approves(14), cancels(12, '学校重复提交，应学校请求取消')] }),
];

/** Returned, and handed in again. */
const RETURNED: readonly Story[] = [
  suspension('3301-04', 13, { reason: '腿部骨折，需休养', moves: [approves(12), returns(9, '请补交医院诊断证明')] }),
  withdrawal('3301-01', 13, { whom: isMinor, reason: '随父母出国', moves: [approves(11), returns(4, '请补充监护人签字')] }),
  transfer('5101-01', '5107-01', 12, {
    whom: IN_COMPUTERS,
    reason: '回户籍地就读',
    moves: [returns(10, '请说明转学后的住宿安排'), supplements(8, '已与转入学校确认住宿')],
  }),
  correction('3306-03', 11, () => ({ ethnicGroup: '08' }), {
    reason: '民族成份经公安机关变更',
    moves: [approves(10), returns(7, '请上传变更后的户口簿'), supplements(5, '已补交')],
  }),
];

/** Due today and in the next days. */
const DUE: readonly Story[] = [
  suspension('3301-02', 10, { reason: '照顾家人', moves: [] }),
  studyCorrection('5101-02', 10, '烹饪工艺', { reason: '专业方向录入有误', moves: [] }),
  transfer('3306-01', '3301-01', 9, { whom: IN_COMPUTERS, reason: '家庭迁居', moves: [takesInHand(1)] }),
  withdrawal('3306-01', 9, { reason: '就业', moves: [] }),
  changeMajor('3301-03', 9, '660303', { reason: '视力不适合原专业', moves: [approves(7)] }),
  suspension('5107-03', 8, { reason: '应征入伍前体检', moves: [] }),
];

/** A counter-assertion is awaited. */
const DISPUTED: readonly Story[] = [
  {
    kind: 'registrationException',
    at: '5101-01',
    filed: 8,
    reason: '学生在我校就读，有报到记录',
    whom: ({ id }) => id === HELD.studentId,
    details: () => ({ registrationId: HELD.registrationId, action: 'corroborate', ground: 'studiesHere' }),
    moves: [approves(7), approves(5, '材料属实，同意该校主张。')],
  },
];

/** Opinions are asked for, students object, colleagues comment. */
const DISCUSSED: readonly Story[] = [
  transfer('3301-04', '3306-04', 8, {
    reason: '转入专业对口学校',
    moves: [approves(7), asks(5, '330602', '贵区学校是否有空余学位？', 4), answers(2, '有学位，可以接收。')],
  }),
  changeMajor('3306-03', 7, '770101', {
    reason: '原专业学习困难',
    moves: [approves(6), asks(3, '330600', '该专业本学年计划是否已满？', 5)],
  }),
  withdrawal('3306-02', 7, { reason: '长期不到校', moves: [objects(5, '我没有申请退学，愿意回校')] }),
  suspension('3306-04', 6, { reason: '心理调适', moves: [approves(4), comments(3, '家长希望尽快办结')] }),
];

/** Paused by an operator, and by a death. */
const PAUSED: readonly Story[] = [
  withdrawal('5107-04', 7, { reason: '个人原因', moves: [pauses(3, '公安机关协查，暂停办理')] }),
  suspension('5101-04', 6, { name: 'ill', reason: '重病住院', moves: [approves(4)] }),
  {
    kind: 'death',
    at: '5101-04',
    filed: 2,
    sameAs: 'ill',
    reason: '学生因病去世',
    details: (_, today) => ({ diedOn: addDays(today, -5), unnatural: false }),
    moves: [],
  },
];

/** Fresh, at each step; a school that receives a student places the student in a class. */
const fresh = (received: (school: string) => string): readonly Story[] => [
  transfer('3301-01', '3306-01', 6, { whom: IN_COMPUTERS, reason: '家庭迁居绍兴', moves: [approves(5)] }),
  transfer('3306-01', '3301-01', 6, {
    whom: IN_COMPUTERS,
    reason: '父母来杭务工',
    moves: [approves(5), places(3, received('3301-01'))],
  }),
  transfer('5107-01', '5101-01', 6, {
    whom: IN_COMPUTERS,
    reason: '随家人迁居成都',
    moves: [approves(5), places(4, received('5101-01')), approves(2)],
  }),
  resumption('3301-01', 4, { reason: '身体康复，申请提前复学', moves: [approves(2)] }),
  suspension('3301-01', 3, { ground: 'family', reason: '家庭变故', moves: [] }),
  correction('3301-01', 3, ({ name }) => ({ name: `${name[0] ?? ''}无疾`, formerName: name }), {
    reason: '依法更名',
    moves: [approves(2), approves(1)],
  }),
  changeMajor('3301-04', 3, '730702', { reason: '转入艺术类专业', moves: [] }),
  studyCorrection('3301-02', 2, '会计事务', { reason: '专业方向录入有误', moves: [approves(1)] }),
];

/** Approved and in force, awaiting its day, and filed yesterday. */
const LATEST: readonly Story[] = [
  suspension('3306-01', 2, { reason: '住院治疗', from: 14, moves: [approves(1), approves(0)] }),
  suspension('3301-01', 2, { reason: '肺炎住院，需休养', moves: [approves(1), approves(0)] }),
  correction('3306-01', 1, () => ({ ethnicGroup: '03' }), { reason: '民族成份更正', moves: [approves(0), approves(0)] }),
  transfer('3301-01', '5101-01', 1, { whom: IN_COMPUTERS, reason: '随军迁居', moves: [] }),
  {
    kind: 'repeatYear',
    at: '3301-01',
    filed: 1,
    whom: inSecondYear,
    reason: '缺课过多，申请留级',
    details: () => ({ grade: String(REFERENCE_YEAR) }),
    moves: [],
  },
  {
    kind: 'changeStudyMode',
    at: '3301-04',
    filed: 1,
    reason: '改为非全日制学习',
    details: () => ({ studyMode: 'partTime', lengthYears: 4 }),
    moves: [],
  },
  {
    kind: 'deregistration',
    at: '3306-03',
    filed: 1,
    reason: '入学后一直未到校',
    details: () => ({ cause: 'missingPerson' }),
    moves: [],
  },
];

/**
 * Some forty cases, in every state that a visitor may want to see. `students` are those of the demonstration. Pure: whom a story is about
 * is chosen when it is filed, the first whom nothing keeps from it.
 */
export const demoStories = (students: readonly DemoStudent[]): readonly Story[] => [
  ...UNMOVED,
  ...OVERDUE,
  ...ENDED,
  ...RETURNED,
  ...DUE,
  ...DISPUTED,
  ...DISCUSSED,
  ...PAUSED,
  ...fresh((school) => classOf(school, students)),
  ...LATEST,
];
