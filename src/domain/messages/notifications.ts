/** The kinds of notification, with their titles. Titles name no person and no student, because only the request's readers may know them. */
interface Title {
  readonly zh: string;
  readonly en: string;
}

const title = (zh: string, en: string): Title => ({ zh, en });

export const NOTIFICATIONS = {
  taskOpened: title('有新的待办任务', 'A task was opened at your office'),
  supplementAsked: title('有申请待补正或举证', 'A request waits for your supplement or evidence'),
  taskAssigned: title('任务已转交您办理', 'A task was handed to you'),
  taskTaken: title('您办理中的任务已转由他人办理', 'A task that you had in hand was handed to somebody else'),
  taskVoided: title('您办理中的任务已收回或终止', 'A task that you had in hand was taken back or ended'),
  taskVacated: title('办理人已离岗，任务待本单位安排办理', 'Who had a task in hand holds the office no longer: it waits for your office'),
  taskDelegated: title('任务已委派您协办', 'A task was delegated to you'),
  delegationEnded: title('委派已答复或撤回', 'A delegation was answered or withdrawn'),
  deadlineExtended: title('任务办理期限已延长', 'The deadline of a task was extended'),
  opinionAsked: title('有单位向贵单位征求意见', 'Another office asks yours for an opinion'),
  opinionGiven: title('征求的意见已答复', 'An opinion that you asked for was given'),
  opinionOverdue: title('征求意见已逾期未答复', 'An opinion is overdue'),
  noticeQueried: title('省级部门就跨省转学备案提出质询', 'A province asks about a transfer that your school reported'),
  noticeAnswered: title('学校已答复备案质询', 'A school answered a query about its report'),
  copied: title('有申请抄送贵单位', 'A request was copied to your office'),
  mentioned: title('有人在批注中提及您', 'You were mentioned in a comment'),
  objected: title('学生或监护人对申请提出异议', 'The student or guardian objects to a request'),
  dossierObjected: title('学生或监护人对学籍信息提出异议', 'The student or guardian objects to what the dossier says'),
  requestDecided: title('您发起的申请有新的办理意见', 'A step of your request was decided'),
  orderedRejected: title('责令办理的申请未获同意', 'A request that you had ordered was rejected'),
  requestReturned: title('您发起的申请被退回', 'Your request was returned'),
  requestPaused: title('您发起的申请已中止', 'Your request was paused'),
  requestParked: title('您发起的申请已搁置', 'Your request is stuck'),
  decidedParked: title('您办理过的申请已搁置', 'A request that you decided is stuck'),
  parkedForOperator: title('有申请搁置，待查明处理', 'A request is stuck and may need an operator'),
  taskPaused: title('贵单位办理中的申请已中止', 'A request that your office has in hand was paused'),
  requestContinued: title('您发起的申请已恢复办理', 'Your request goes on'),
  requestScheduled: title('您发起的申请已获同意，待生效日期生效', 'Your request is approved and waits for its day of effect'),
  scheduledTakenBack: title(
    '贵单位已同意、待生效的申请已被收回',
    'A request that your office had approved was taken back before it took effect',
  ),
  requestClosed: title('您发起的申请已办结', 'Your request was closed'),
  reminded: title('任务即将到期', 'A task is due soon'),
  escalated: title('下级单位任务逾期，已提请督办', 'An overdue task below was escalated to your supervision'),
  urged: title('任务被催办', 'A task of your office was urged'),
  urgeAnswered: title('催办已答复', 'Your urge was answered'),
  urgeUnanswered: title('督办逾期未答复', 'An urge of yours was not answered in time'),
  deadlineMoved: title(
    '已上报的逾期任务期限因日历调整而变更',
    'An amended calendar moved the deadline of a task that was escalated to you',
  ),
  orderPlaced: title('收到责令通知', 'Your school received an order'),
  orderOverdue: title('责令逾期未落实，已上报', 'An order was not answered in time and went to the next superior'),
  orderAnswered: title('责令已有答复或已按要求办理', 'An order was answered'),
  orderRuled: title('责令答复已有处理意见', 'The authority ruled on the answer to an order'),
  orderWithdrawn: title('责令已撤销', 'An order was withdrawn'),
  orderReopened: title('责令恢复有效，须重新落实', 'An order stands again'),
  suspensionEnding: title('有学生休学即将期满，请办理复学', 'A suspension ends soon: file the resumption'),
  suspensionExpired: title('有学生休学期满未复学', 'A suspension has ended without a resumption'),
  registrationContested: title(
    '另一所学校登记了可能与本校学生为同一人的新生',
    'Another school registers somebody who may be a student of yours',
  ),
  namesakeNoted: title('有新生与另一在册学生同名、同性别、同出生日期，请留意', 'A new student has the name, sex and birth date of another'),
  limitReached: title('下级单位人员达到每日查阅或上传限额', 'A person below reached a limit of the day'),
  proxyGranted: title('您被指定为代理人', 'You were named to stand in for somebody'),
  proxyEnded: title('您的代理已被提前终止', 'You no longer stand in for somebody'),
  passwordReset: title('账户密码已被管理员重置', 'An administrator reset the password of an account'),
  subjectBound: title('账户已绑定统一身份认证', 'An account was bound to the identity provider'),
  grantProposed: title('有任职待另一名管理员确认', 'An office waits for a second administrator'),
  termEnding: title('学期注册即将到期，尚有学生未注册', 'The registration of the term ends soon, and students are not registered'),
  termOverdue: title('学期注册已逾期，尚有学生未注册', 'The registration of a term is overdue, and students are not registered'),
  termRetracted: title('学籍主管部门已撤回本校学生的学期注册', 'The authority took back registrations of a term at your school'),
  intakeEnding: title('新生学籍注册即将截止，尚有学生未注册', 'The registration of an intake ends soon, and students are not registered'),
  admittedMissing: title('录取名册上有学生逾期未报到建档', 'People who were admitted have not reported in time'),
  graduationOverdue: title('离校日期已过，毕业或结业尚未办结', 'A leaving day has passed, and the graduation is not completed'),
  stale: title('申请长期未办', 'Nobody has moved a request for a long time'),
} as const satisfies Record<string, Title>;

/** What a proxy 代理 is told in the absent person's place: all that is about a task. */
export const TASK_NOTIFICATIONS = [
  'taskOpened',
  'taskAssigned',
  'taskTaken',
  'taskVoided',
  'taskPaused',
  'taskVacated',
  'taskDelegated',
  'delegationEnded',
  'deadlineExtended',
  'opinionGiven',
  'opinionOverdue',
  'reminded',
  'urged',
  'objected',
] satisfies readonly NotificationKind[];

/** What nobody can choose not to be told. */
export const ALWAYS_TOLD = ['passwordReset', 'subjectBound'] satisfies readonly NotificationKind[];

export type NotificationKind = keyof typeof NOTIFICATIONS;
export const NOTIFICATION_KINDS = Object.keys(NOTIFICATIONS) as NotificationKind[];

/** When a person gets mail: at once, once a working day, or not. */
export const MAILS = ['none', 'now', 'digest'] as const;
export type MailWish = (typeof MAILS)[number];
