import { message } from './message.js';

/** Why a person can't be registered now (Art 6–10), and who the guardian is. Each says what clears it. */
export const REGISTRATION_MESSAGES = {
  'outside-late-window': message(
    409,
    '该批次的学籍注册已截止，现不在本省补办期内。',
    "The registration of this intake has ended, and the province's window for late ones is not open.",
    '请在补办期内办理，或咨询学籍主管部门。',
    'Register in the window, or ask the competent authority.',
  ),
  'guardian-not-on-record': message(
    422,
    '该生未成年，其监护人尚未登记在册。',
    'The student is a minor, and no guardian is on record.',
    '请先凭证明以信息变更登记监护人姓名和关系。',
    'Have name and relation of the guardian put on record by a change of personal information, on proof.',
  ),
  'record-field-required': message(
    422,
    '本省要求新生学籍登记填写此项。',
    'The province requires this of a new record.',
    '请补填后重新提交。',
    'Fill it in and send the record again.',
  ),
  'too-many-lines': message(
    422,
    '统计结果行数过多。',
    'The figures have too many lines.',
    '请减少统计项目，或由下级单位分别统计。',
    'Count by less, or at the organisations below.',
  ),
  'intake-days-differ': message(
    422,
    '报到日期与入学日期不属于同一招生批次。',
    'The day of reporting and the first day of study lie in different intakes.',
    '请核对报到日期和入学日期。',
    'Check both days.',
  ),
  'late-window-open': message(
    409,
    '该批次在这段时间已有开放的补办期。',
    'A window of that intake is open at that time already.',
    '请先截止原补办期，或另选时间。',
    'Close that one first, or choose other days.',
  ),
  'late-window-closed': message(409, '该补办期已经截止。', 'That window has closed.'),
  'identity-authenticated': message(409, '该生身份已核验。', 'The identity of the student is authenticated already.'),
  'dossier-exists': message(
    409,
    '该生已有此前学段的学籍档案，应接续，不另建档案。',
    'The person has a dossier of an earlier stage: continue it, make no other.',
    '请选择“接续原档案”重新提交。',
    'Send it again with continueDossier.',
  ),
  'document-in-use': message(
    409,
    '另一名学生已使用该证件。',
    'Another student has this document.',
    '请核对证件号码；确属该生的，先更正另一名学生的证件。',
    "Check the number. If it is this student's, have the document of the other put right first.",
  ),
  'no-dossier-to-continue': message(409, '没有可以接续的学籍档案。', 'There is no dossier to continue.'),
};
