import { POLICY_MESSAGES } from './policy-messages.js';

/** Every problem code: HTTP status and text for people, Chinese first. `remedy` says what clears it. */
interface Message {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  readonly remedy?: { readonly zh: string; readonly en: string };
}

const message = (status: number, zh: string, en: string, remedyZh?: string, remedyEn?: string): Message =>
  remedyZh && remedyEn ? { status, zh, en, remedy: { zh: remedyZh, en: remedyEn } } : { status, zh, en };

const CHECK_DOCUMENT = ['请核对证件、性别和出生日期。', 'Check document, sex and birth date against the proof.'] as const;

export const MESSAGES = {
  // who is asking
  unauthenticated: message(401, '请先登录。', 'Sign in first.'),
  'wrong-credentials': message(401, '用户名或密码不正确。', 'The user name or password is wrong.'),
  'too-many-requests': message(429, '请求过于频繁，请稍后再试。', 'Too many requests; try again later.'),
  'not-found': message(404, '没有找到，或您无权查看。', 'Not found, or not for you to see.'),
  'not-your-task': message(403, '该任务不由您办理。', 'This task is not yours to work on.'),
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
  'idempotency-key-required': message(
    400,
    '缺少 Idempotency-Key 请求头（1–200 个可见字符）。',
    'The Idempotency-Key header is missing (1–200 visible characters).',
  ),
  'idempotency-key-reused': message(422, '该幂等键已用于另一内容。', 'This idempotency key was used with another body.'),
  'unknown-evidence': message(
    422,
    '证明材料不存在，或不是由您的单位上传。',
    'An evidence file is unknown or was not uploaded by your organisation.',
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
  // blockers of a filing
  'student-not-matched': message(
    422,
    '学籍号与姓名不相符，或无法办理。',
    'The student number and name do not match a student this can be filed for.',
    '请核对学籍号和姓名。',
    'Check the student number and the name.',
  ),
  'change-already-open': message(
    409,
    '该生已有在办的异动申请。',
    'The student already has an open change request.',
    '请等待其办结或先撤回。',
    'Wait until it is closed, or recall it.',
  ),
  'illegal-transition': message(
    409,
    '该生当前的学籍状态不允许此项异动。',
    "The student's present status does not allow this change.",
    '请先办理相应的学籍异动。',
    'Carry out the change that leads to the right status first.',
  ),
  'school-closed': message(409, '学校已停止办学。', 'The school is closed.', '请选择另一所学校。', 'Choose another school.'),
  'wrong-track': message(
    409,
    '普通中学与中等职业学校之间转学须由转入学校发起。',
    'A transfer between an ordinary and a vocational school is filed by the destination school.',
    '请由转入学校办理普职转学。',
    'Have the destination school file a cross-track transfer.',
  ),
  'direction-not-allowed': message(
    409,
    '本省政策不允许该方向的转学。',
    "The province's policy does not allow this direction.",
    '请咨询省级学籍主管部门。',
    'Ask the provincial authority.',
  ),
  'evidence-missing': message(422, '缺少证明材料。', 'Evidence is missing.', '请上传证明材料后再提交。', 'Upload the evidence, then file.'),
  'no-second-reviewer': message(
    409,
    '本校除发起人外没有审核人。',
    'The school has no reviewer other than the filer.',
    '请主管部门任命一名审核人。',
    'Have the competent authority appoint a reviewer.',
  ),
  'under-one-term': message(
    409,
    '入学不足一学期。',
    'Enrolled for less than one term.',
    '请在一学期后办理。',
    'File after the first term.',
  ),
  'graduating-grade': message(
    409,
    '毕业年级不得转学。',
    'The graduating grade may not transfer.',
    '如属特殊情况请咨询主管部门。',
    'Ask the competent authority about exceptions.',
  ),
  'outside-transfer-window': message(
    409,
    '不在转学办理时间内。',
    'Outside the transfer window.',
    '请在规定时间内办理。',
    'File within the window.',
  ),
  'not-end-of-year': message(
    409,
    '不在留级办理时间内。',
    'Outside the time in which a year is repeated.',
    '请在学年末办理。',
    'File at the end of the school year.',
  ),
  'outside-change-window': message(
    409,
    '不在本学期规定的办理时间内。',
    'Outside the first weeks of the term.',
    '请在开学后的规定时间内办理。',
    'File in the first weeks of a term.',
  ),
  'grade-not-later': message(
    422,
    '留级后的年级须晚于现年级。',
    'The grade after repeating must be later than the present one.',
    '请填写下一年级的入学年份。',
    'Give a later year of intake.',
  ),
  'repeated-too-often': message(
    409,
    '留级次数已达上限。',
    'The year was repeated as often as policy allows.',
    '请咨询学籍主管部门。',
    'Ask the competent authority.',
  ),
  'same-major': message(422, '与现专业相同。', 'It is the present major.', '请选择另一专业。', 'Choose another major.'),
  'same-study-mode': message(
    422,
    '与现学习形式相同。',
    'It is the present study mode.',
    '请选择另一学习形式。',
    'Choose another study mode.',
  ),
  'suspension-ends-before-it-begins': message(
    422,
    '休学结束日期须晚于开始日期。',
    'The suspension must end after it begins.',
    '请更改结束日期。',
    'Change its last day.',
  ),
  'suspension-too-long': message(
    422,
    '休学期限超过上限。',
    'The suspension is longer than policy allows.',
    '请缩短期限，期满后可再申请。',
    'Shorten it; another may be filed afterwards.',
  ),
  'suspended-too-often': message(
    409,
    '休学次数已达上限。',
    'The student was suspended as often as policy allows.',
    '请咨询学籍主管部门。',
    'Ask the competent authority.',
  ),
  'suspension-not-expired': message(
    409,
    '休学期未满，不能以逾期未复学为由退学。',
    'The suspension has not expired; it is no ground of withdrawal yet.',
    '请选择其他事由，或待期满后办理。',
    'Give another ground, or wait until it has expired.',
  ),
  'date-in-future': message(422, '日期不能晚于今天。', 'The date must not lie in the future.', '请更改日期。', 'Change the date.'),
  'nothing-to-change': message(
    422,
    '没有要变更的信息。',
    'Nothing is to change.',
    '请填写至少一项新信息。',
    'Give at least one new value.',
  ),
  'value-not-changed': message(
    422,
    '所填信息与现有信息相同。',
    'The value is the present one.',
    '请只填写发生变化的信息。',
    'Give only what changes.',
  ),
  'document-incomplete': message(
    422,
    '证件类型和证件号码须一并填写。',
    'Document type and number go together.',
    '请补全证件信息。',
    'Give both.',
  ),
  'document-format': message(422, '证件号码格式不正确。', 'The document number has not the form of its type.', ...CHECK_DOCUMENT),
  'document-check-digit': message(422, '证件号码校验位不正确。', "The document number's check digit is wrong.", ...CHECK_DOCUMENT),
  'document-province-unknown': message(422, '证件号码的地区代码不存在。', "The document number's province is unknown.", ...CHECK_DOCUMENT),
  'document-birth-date-invalid': message(
    422,
    '证件号码中的出生日期无效。',
    'The birth date in the document number is not valid.',
    ...CHECK_DOCUMENT,
  ),
  'document-type-differs': message(422, '证件号码与证件类型不符。', 'The document number is of another type.', ...CHECK_DOCUMENT),
  'document-birth-date-differs': message(
    422,
    '证件号码与出生日期不符。',
    'The document number and the birth date do not agree.',
    ...CHECK_DOCUMENT,
  ),
  'document-sex-differs': message(422, '证件号码与性别不符。', 'The document number and the sex do not agree.', ...CHECK_DOCUMENT),
  'nothing-to-undo': message(
    422,
    '所引用的申请不是使该生学籍终止的已生效申请。',
    "The cited request is not the effected one by which the student's enrolment ended.",
    '请引用相应的退学、注销或死亡申请。',
    'Cite the withdrawal, deregistration or death that ended it.',
  ),
  'unknown-joint-programme': message(
    422,
    '联合办学项目不存在。',
    'The joint programme is unknown.',
    '请从联合办学项目中选择，或不填此项。',
    'Choose one of the joint programmes, or leave it out.',
  ),
  'joint-programme-not-covering': message(
    409,
    '联合办学协议不包括该学校、专业或年级，或不在协议期内。',
    'The joint programme does not cover these schools, this major or this intake, or does not run today.',
    '请核对协议，或按普通转学办理。',
    'Check the agreement, or file an ordinary transfer.',
  ),
  'nobody-in-cohort': message(422, '没有符合条件的在读学生。', 'No active student fits.', '请核对年级和专业。', 'Check grade and major.'),
  'cohort-too-large': message(
    422,
    '一次最多办理 500 名学生。',
    'At most 500 students at once.',
    '请按年级或专业分批办理。',
    'File by grade or major.',
  ),
  // mergers and closures of schools
  'not-over-both-schools': message(
    403,
    '须由同时主管各校的学籍主管部门办理。',
    'This is for an authority that stands over all the schools.',
  ),
  'school-already-closed': message(409, '该校已撤销。', 'The school is closed already.'),
  'change-of-school-pending': message(409, '该校已有未办结的合并或撤销。', 'A merger or closure of the school is under way already.'),
  'school-not-closed-yet': message(
    409,
    '学校尚未撤销，学生转学仍由学校办理。',
    'The school has not been closed yet; it files for its students itself.',
  ),
  // registrations
  'document-invalid': message(
    422,
    '身份证件号码有误，或与出生日期、性别不符。',
    'The number of the identity document is not valid, or does not fit birth date and sex.',
  ),
  'dossier-exists': message(
    409,
    '该生已有此前学段的学籍档案，应接续，不另建档案。',
    'The person has a dossier of an earlier stage: continue it, make no other.',
    '请以 continueDossier 重新提交。',
    'Send it again with continueDossier.',
  ),
  'no-dossier-to-continue': message(409, '没有可以接续的学籍档案。', 'There is no dossier to continue.'),
  'not-in-dispute': message(
    422,
    '该学籍注册未被暂缓，或与该生无关。',
    'That registration is not held, or not against this student.',
    '请引用与该生有关的被暂缓注册。',
    'Name a held registration that concerns this student.',
  ),
  'amendments-missing': message(
    422,
    '修改须写明更正后的信息。',
    'An amendment must say what is put right.',
    '请填写更正后的信息。',
    'Give the amended values.',
  ),
  'duplicate-being-ruled': message(
    409,
    '该重复注册正由共同上级学籍主管部门审定。',
    'The common superior is ruling on this duplicate.',
    '请等待审定结果。',
    'Wait for the ruling.',
  ),
  'ruling-required': message(
    422,
    '审定须选定一种结论（保留一方、系两人或均予注销），不能退回或不同意。',
    'A ruling names its result (keep one, two persons, void both) and can neither return nor reject.',
  ),
  // the state of a case
  'already-decided': message(409, '该任务已办结。', 'This task has been decided.'),
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
  'not-yours-to-delegate': message(422, '不能授权本人。', 'Nobody is a proxy of oneself.'),
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
  'office-overlap': message(409, '该人员已担任此职务。', 'The person already holds this office.'),
  // the calendar
  'already-approved-version': message(409, '该版日历已批准。', 'This version of the calendar is approved already.'),
  // policy packs
  ...POLICY_MESSAGES,
  // what went wrong on our side
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
