import { BLOCKER_MESSAGES } from './blocker-messages.js';
import { POLICY_MESSAGES } from './policy-messages.js';
import { message, type Message } from './message.js';

/** Every problem code: HTTP status and text for people, Chinese first. */
export const MESSAGES = {
  // who is asking
  unauthenticated: message(401, '请先登录。', 'Sign in first.'),
  'wrong-credentials': message(401, '用户名或密码不正确。', 'The user name or password is wrong.'),
  'wrong-password': message(422, '现密码不正确。', 'The present password is wrong.'),
  'password-change-required': message(
    403,
    '一次性密码只能用于设置新密码。',
    'A one-time password opens only the change of the password.',
    '请先设置新密码（PUT /api/v1/me/password）。',
    'Set a password of your own first (PUT /api/v1/me/password).',
  ),
  'too-many-requests': message(429, '请求过于频繁，请稍后再试。', 'Too many requests; try again later.'),
  'not-found': message(404, '没有找到，或您无权查看。', 'Not found, or not for you to see.'),
  'not-your-task': message(
    403,
    '该任务不由您办理，或尚未上报至贵单位。',
    'This task is not yours to work on, or has not been escalated to you.',
  ),
  'not-your-request': message(403, '只有发起单位的经办人可以执行此操作。', 'Only a clerk of the filing school may do this.'),
  'not-your-office': message(403, '您的职务无权执行此操作。', 'None of your offices allows this.'),
  'separation-of-duties': message(
    403,
    '发起人或已办理其他环节的人员不得办理本环节。',
    'Who filed the request or decided another step may not decide this one.',
  ),
  // input
  'malformed-json': message(400, '请求体不是有效的 JSON。', 'The body is not valid JSON.'),
  'bad-request': message(400, '请求无效。', 'The request is not valid.'),
  'payload-too-large': message(413, '内容超过大小限制。', 'The content is over the size limit.'),
  'unsupported-media-type': message(415, '不支持的内容类型。', 'The content type is not supported.'),
  'method-not-allowed': message(405, '不支持该请求方法。', 'This method is not allowed here.'),
  'invalid-input': message(422, '提交的内容有误。', 'The input is not valid.'),
  malware: message(422, '文件含有恶意代码，未予接收。', 'The file holds malware and was not accepted.'),
  'image-too-large': message(
    422,
    '图片像素过多。',
    'The image has too many pixels.',
    '请以较低分辨率重新扫描。',
    'Scan it again at a lower resolution.',
  ),
  'idempotency-key-required': message(
    400,
    '缺少 Idempotency-Key 请求头（1–200 个可见字符）。',
    'The Idempotency-Key header is missing (1–200 visible characters).',
  ),
  'idempotency-key-reused': message(422, '该幂等键已用于另一内容。', 'This idempotency key was used with another body.'),
  'answer-not-kept': message(
    409,
    '该请求早已办理，原答复不再保存，请查询结果。',
    'This request was carried out before; its answer is no longer kept. Look up what came of it.',
  ),
  'unknown-evidence': message(
    422,
    '证明材料不存在，或不是由您的单位上传。',
    'An evidence file is unknown or was not uploaded by your organisation.',
    '请重新上传证明材料。',
    'Upload the evidence again.',
  ),
  'same-school': message(
    422,
    '转入学校与转出学校相同。',
    'The destination is the source school.',
    '请选择另一所学校。',
    'Choose another school.',
  ),
  'unknown-school': message(
    422,
    '转入学校不存在。',
    'The destination school is unknown.',
    '请从机构目录中选择学校。',
    'Choose a school from the directory.',
  ),
  'effective-date-out-of-range': message(
    422,
    '生效日期超出允许范围。',
    'The effective date is out of the allowed range.',
    '请更改生效日期。',
    'Change the effective date.',
  ),
  'opinion-required': message(422, '不同意或退回时必须填写意见。', 'A rejection or a return needs an opinion.'),
  'reply-required': message(
    422,
    '代录系统外学校的意见时，须填写回函文号和日期。',
    "Recording an outside school's answer needs the number and date of its sealed reply.",
  ),
  ...BLOCKER_MESSAGES,
  // the state of a case
  'already-decided': message(409, '该任务已办结或已失效。', 'This task has been decided, or is void.'),
  'stale-version': message(409, '内容已更新，请刷新后再办理。', 'The task has changed since you read it; read it again.'),
  'request-closed': message(409, '该申请已办结。', 'The request is closed.'),
  'request-held': message(
    409,
    '该申请已暂停（死亡申请在办，或依法中止）。',
    'The request is paused: the report of a death is being decided, or an operator paused it.',
  ),
  'already-approved': message(409, '最后环节已同意，不能撤回。', 'The last step is approved; the request can no longer be recalled.'),
  'already-claimed': message(409, '该任务已由他人领取。', 'Another reviewer has claimed this task.'),
  'not-claimed-by-you': message(409, '该任务不是由您领取的。', 'You have not claimed this task.'),
  'not-an-earlier-step': message(422, '只能退回至本环节之前的环节。', 'A return goes to a step before this one, or to the filer.'),
  'nothing-to-retract': message(409, '没有可收回的决定。', 'There is no decision that could be taken back.'),
  'not-your-decision': message(403, '只有作出该决定的人员可以收回。', 'Only who made the decision may take it back.'),
  'next-step-begun': message(409, '后续环节已领取或办理，不能收回。', 'The next step is claimed or decided; the decision stands.'),
  delegated: message(409, '该任务已委派他人，待其答复。', 'The task is delegated and waits for the answer.'),
  'not-delegated-to-you': message(403, '该任务未委派给您。', 'The task is not delegated to you.'),
  'not-delegated-by-you': message(403, '该任务不是由您委派的。', 'You have not delegated this task.'),
  'consultation-closed': message(409, '该征求意见已答复或已失效。', 'The consultation is answered, or its task is decided.'),
  'not-a-mentionable-person': message(422, '所提及的人员无权查看该申请。', 'A person mentioned may not see the request.'),
  'not-yours-to-delegate': message(422, '不能授权或委派本人。', 'Nobody delegates to oneself, or is a proxy of oneself.'),
  'proxy-overlap': message(409, '该期间已有代理人。', 'There is a proxy for that time already.'),
  // what operators do
  'already-paused': message(409, '该申请已由管理员暂停。', 'An operator has paused the request already.'),
  'not-paused': message(409, '该申请未由管理员暂停。', 'No operator has paused the request.'),
  'nothing-parked': message(409, '该申请没有搁置的事项。', 'Nothing of the request is parked.'),
  'unknown-step': message(422, '该申请没有此环节。', 'The request has no such step.'),
  'same-holder': message(409, '该环节已由该机构办理。', 'That organisation decides the step already.'),
  'cannot-hold': message(422, '该机构不能办理此环节。', 'That organisation cannot decide this step.'),
  'not-a-supplement': message(409, '当前没有需要补正的任务。', 'There is no supplement to hand in now.'),
  'second-return-needs-supervisor': message(
    403,
    '同一环节再次退回须由主管人员办理并说明理由。',
    'A second return of a step is for the supervisor, with a reason.',
  ),
  'not-an-office-holder': message(
    422,
    '接办人未在该机构担任相应职务。',
    'That person does not hold the office at the holding organisation.',
  ),
  'already-urged': message(409, '今天已催办。', 'Urged today already.'),
  'no-urge-to-answer': message(409, '没有待答复的催办。', 'No urge of this task waits for an answer.'),
  // notices of filing
  'notice-received': message(409, '该备案已回执。', 'The notice has its receipt already.'),
  'notice-queried': message(409, '该备案已有待答复的质询。', 'A query about the notice waits for its answer.'),
  'no-query-to-answer': message(409, '该备案没有待答复的质询。', 'No query about the notice waits for an answer.'),
  // orders and irregularities
  'not-your-order': message(403, '该责令不由您办理。', 'This order is not yours to act on.'),
  'order-closed': message(409, '该责令已办结。', 'The order is closed.'),
  'already-replied': message(409, '学校已答复，待主管部门裁定。', 'The school has replied; the authority has yet to rule on it.'),
  'no-reply-yet': message(409, '学校尚未书面答复。', 'There is no reply to rule on.'),
  'already-filed': message(
    409,
    '学校已发起该项异动申请。',
    'The school has an open request of this kind for the student.',
    '请等待其办结。',
    'Wait until it is closed.',
  ),
  'outcome-recorded': message(409, '处理结果已登记。', 'The outcome is on record already.'),
  'head-overlap': message(409, '该日或其后已有负责人任职。', 'A head begins on that day or later already.'),
  'office-overlap': message(409, '该人员在此期间已担任此职务。', 'The person already holds this office at that time.'),
  'own-office': message(403, '不得给本人授予职务。', 'Nobody grants an office to himself.'),
  'second-administrator-required': message(
    403,
    '须由与提出人无关的另一名机构管理员或上级机构管理员确认。',
    'It is for another administrator, of the organisation or a superior, who does not depend on the proposer.',
  ),
  'grant-settled': message(409, '该任职已确认或已被拒绝。', 'The office has been confirmed or refused.'),
  'grant-lapsed': message(
    409,
    '该任职未在期限内确认，或提出人、拟任人员已不具备条件。',
    'The office was not confirmed in time, or the proposer or the person no longer qualifies.',
    '请重新提出。',
    'Propose it again.',
  ),
  // the registration of terms
  'term-registered': message(409, '该学生本学期已注册。', 'The student is registered in this term.'),
  'term-not-registered': message(409, '本校本学期未注册该学生。', 'This school has not registered the student in this term.'),
  'term-suspended': message(
    409,
    '该学生休学，复学后注册。',
    'The student is suspended, and is registered after resuming.',
    '请先办理复学。',
    'File the resumption first.',
  ),
  'term-entry-pending': message(409, '该学生新生注册尚未完成。', 'The entry registration of the student is not completed.'),
  'term-not-studied': message(409, '该学生本学期不在学。', 'The student does not study in this term.'),
  'term-not-begun': message(409, '该学期尚未开学。', 'The term has not begun.'),
  'term-start-out-of-bounds': message(
    422,
    '开学日期超出本省允许的范围。',
    "The first day lies outside the province's bounds.",
    '请在允许的范围内选择日期。',
    'Choose a day within the bounds.',
  ),
  'term-deadline-passed': message(
    409,
    '注册期限已过，不能再更改开学日期。',
    'The last day to register has passed; the first day can no longer be changed.',
  ),
  'too-many-students': message(422, '一次办理的学生过多。', 'Too many students at once.', '请按班级分批办理。', 'Do it class by class.'),
  'too-many-webhooks': message(
    422,
    '该单位的网络钩子已达上限。',
    'The organisation has as many webhooks as it may have.',
    '请先删除不再使用的网络钩子。',
    'Remove one that is no longer used first.',
  ),
  // accounts
  'username-taken': message(409, '该用户名已被使用。', 'The user name is taken.'),
  'not-for-binding': message(
    409,
    '有密码的账户，以及机构管理员、运维人员的账户，不能绑定统一身份认证。',
    'An account with a password, or of an administrator or operator, is not bound to the identity provider.',
    '请为该人员另建不设密码的账户。',
    'Enter an account without a password for the person.',
  ),
  'subject-taken': message(409, '该统一身份认证账号已绑定其他账户。', 'The subject is bound to another account.'),
  'no-issuer': message(409, '未配置统一身份认证服务。', 'No identity provider is configured.'),
  'own-account': message(403, '不能对本人账户执行此操作。', 'Nobody does this to an account of his own.'),
  'already-disabled': message(409, '该账户已停用。', 'The account is disabled already.'),
  'not-disabled': message(409, '该账户未停用。', 'The account is not disabled.'),
  // the calendar
  'already-approved-version': message(409, '该版日历已批准。', 'This version of the calendar is approved already.'),
  'draft-withdrawn': message(409, '该草案已撤回。', 'This draft has been withdrawn.'),
  // policy packs
  ...POLICY_MESSAGES,
  // what went wrong on our side
  'issuer-unavailable': message(503, '统一身份认证服务暂不可用，请稍后重试。', 'The identity provider does not answer; try again later.'),
  'scanner-unavailable': message(503, '文件查毒服务暂不可用，请稍后重试。', 'The malware scanner does not answer; try again later.'),
  busy: message(503, '系统繁忙，请以相同的幂等键重试。', 'Busy; try again with the same idempotency key.'),
  'in-flight': message(409, '相同幂等键的请求正在处理。', 'A request with the same idempotency key is being handled.'),
  'storage-full': message(507, '存储空间不足。', 'Storage is full.'),
  internal: message(500, '系统内部错误。', 'Something went wrong on our side.'),
} satisfies Record<string, Message>;

export type MessageCode = keyof typeof MESSAGES;
export const statusOf = (code: MessageCode): number => MESSAGES[code].status;
export const remedyOf = (code: MessageCode): string | undefined => {
  const { remedy }: Message = MESSAGES[code];
  return remedy && `${remedy.zh} ${remedy.en}`;
};
