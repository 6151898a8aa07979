import { words, type Words } from './words.js';

type CodeWords = Readonly<Record<string, Words>>;

/** The states of an enrolment. */
export const ENROLMENT_STATE_WORDS: CodeWords = {
  heldDuplicate: words('疑似重复', 'held as a possible duplicate'),
  pending: words('待注册', 'awaiting registration'),
  active: words('在读', 'studying'),
  suspended: words('休学', 'suspended'),
  transferredOut: words('转出', 'transferred out'),
  withdrawn: words('退学', 'withdrawn'),
  deregistered: words('注销', 'deregistered'),
  deceased: words('死亡', 'deceased'),
  completed: words('结业', 'completed without graduating'),
  graduated: words('毕业', 'graduated'),
  advanced: words('转段', 'advanced to the next stage'),
};

const SIDE_WORDS: CodeWords = {
  sourceSchool: words('转出学校', 'the school that the student leaves'),
  destinationSchool: words('转入学校', 'the school that the student goes to'),
  sourceAuthority: words('转出学校的学籍主管部门', 'the authority of the school that the student leaves'),
  destinationAuthority: words('转入学校的学籍主管部门', 'the authority of the school that the student goes to'),
};
const PARTY_WORDS: CodeWords = {
  ...SIDE_WORDS,
  school: words('学校', 'the school'),
  authority: words('学籍主管部门', 'the competent authority'),
  superior: words('上级主管部门', 'the superior authority'),
};

/** Who decides a step, which is also the id of the step. */
export const STEP_WORDS: CodeWords = {
  ...PARTY_WORDS,
  sourceReconfirmation: words('转出学校再次确认', 'the school that the student leaves, once more'),
  sourceSuperior: words('转出方上级主管部门', 'the superior of the side that the student leaves'),
  destinationSuperior: words('转入方上级主管部门', 'the superior of the side that the student goes to'),
  sourceProvince: words('转出省级主管部门', 'the province that the student leaves'),
  destinationProvince: words('转入省级主管部门', 'the province that the student goes to'),
};

/** In what capacity a holder decides. */
export const CAPACITY_WORDS: CodeWords = {
  ...PARTY_WORDS,
  notice: words('备案', 'a report for the file'),
  supplement: words('补正', 'a supplement'),
};

export const VERDICT_WORDS: CodeWords = {
  approve: words('同意', 'approve'),
  reject: words('不同意', 'reject'),
  return: words('退回补正', 'return for a supplement'),
};

/** Why an open request stands still. */
export const HOLD_WORDS: CodeWords = {
  effectParked: words('已同意，暂不能生效', 'approved, and cannot take effect for now'),
  stepParked: words('环节暂无法办理', 'a step that nobody can decide for now'),
  paused: words('中止', 'paused'),
  awaitingSupplement: words('待补正', 'awaiting a supplement'),
  awaitingEffect: words('待生效', 'approved, and awaiting its day of effect'),
};

/** Who can clear a reason. */
export const OWNER_WORDS: CodeWords = {
  filer: words('发起单位', 'the filer'),
  ...SIDE_WORDS,
  authority: words('学籍主管部门', 'the competent authority'),
  operator: words('运维人员', 'an operator'),
};

/** What happened to a request, as its timeline and the feed of events name it. */
export const ACT_WORDS: CodeWords = {
  filed: words('发起', 'filed'),
  opened: words('开启环节', 'a step was opened'),
  decided: words('核办', 'decided'),
  supplemented: words('补正', 'supplemented'),
  recalled: words('撤回申请', 'recalled'),
  reassigned: words('转办', 'handed to another person'),
  reminded: words('到期提醒', 'reminded of the deadline'),
  escalated: words('逾期上报', 'escalated'),
  rerouted: words('改派', 'handed to another organisation'),
  parked: words('暂停生效或环节', 'parked'),
  scheduled: words('待生效', 'approved for a later day'),
  effected: words('生效', 'took effect'),
  held: words('中止', 'paused'),
  continued: words('恢复办理', 'continued'),
  superseded: words('被替代', 'superseded'),
  retracted: words('收回决定', 'a decision was retracted'),
  cancelled: words('终止', 'cancelled'),
  extended: words('延长期限', 'the deadline was extended'),
  redirected: words('环节改由其他单位办理', 'a step went to another organisation'),
  retried: words('重试', 'retried'),
  closed: words('办结', 'closed'),
  claimed: words('领取任务', 'a task was claimed'),
  released: words('释放任务', 'a task was released'),
  delegated: words('委派', 'delegated'),
  delegationEnded: words('委派结束', 'a delegation ended'),
  vacated: words('办理人离岗', 'its holder left the office'),
  consulted: words('征求意见', 'an opinion was asked for'),
  consultationAnswered: words('答复征求的意见', 'an opinion was given'),
  consultationReminded: words('征求意见逾期', 'an opinion is overdue'),
  copied: words('抄送', 'copied'),
  commented: words('批注', 'commented'),
  objected: words('异议', 'the student or guardian objected'),
  urged: words('督办', 'urged'),
  urgeAnswered: words('答复督办', 'an urge was answered'),
  urgeUnanswered: words('督办逾期未答复', 'an urge was not answered in time'),
  identityChecked: words('身份信息核验', 'the identity was checked'),
  deadlineMoved: words('期限因日历调整变更', 'an amended calendar moved the deadline'),
  stale: words('长期未办', 'nobody moved it for a long time'),
  paperChecked: words('核对纸质表格', 'the paper form was checked'),
  noticeReceived: words('备案回执', 'a report was received'),
  noticeQueried: words('备案质询', 'a report was queried'),
  noticeAnswered: words('答复备案质询', 'a query was answered'),
};
