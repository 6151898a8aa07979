import { message } from './message.js';

/** Why a row, or a whole list, of what predates the system can't be brought in. Each says what clears it. */
export const IMPORT_MESSAGES = {
  'imported-otherwise': message(
    409,
    '该行此前已导入，且内容不同。',
    'This row was imported before, with other content.',
    '已导入的内容请通过相应的更正手续修改。',
    'Have what was imported put right by a correction.',
  ),
  'student-number-not-formal': message(
    422,
    '不是有效的正式学籍号。',
    'This is no valid formal student number.',
    '请核对：正式学籍号以 G 或 J 开头，共 19 位；无学籍号的，不在导入范围内。',
    'Check it: a formal number begins with G or J and has 19 characters. Who has none is not imported.',
  ),
  'student-number-taken': message(
    409,
    '该学籍号已登记在另一份档案上，暂不导入。',
    'The student number stands on another dossier; the row is held.',
    '请核对学籍号和证件号码；确属该生的，请与上级主管部门核实后重新导入。',
    'Check both numbers. If they are right, settle it with the superior authority and import the row again.',
  ),
  'certificate-number-taken': message(
    409,
    '该证书编号已登记在另一份证书上。',
    'Another certificate has this number.',
    '请核对证书编号。',
    'Check the number.',
  ),
  'imported-student-unknown': message(
    422,
    '辖区内没有此学籍号和姓名的学生。',
    'No student of this authority has this number and name.',
    '请核对学籍号和姓名，或先导入该生的学籍。',
    'Check number and name, or import the student first.',
  ),
  'imported-state-differs': message(
    422,
    '该生的学籍状态与此证书种类不符。',
    "The student's status does not fit a certificate of this kind.",
    '请核对证书种类，或先导入该生的毕业（结业）信息。',
    'Check the kind, or import the leaving first.',
  ),
  'imported-history-differs': message(
    422,
    '与该生的其他异动或现学籍状态相矛盾。',
    'It contradicts other changes of the student, or how the student stands now.',
    '请核对异动种类、日期和顺序。',
    'Check kinds, days and their order.',
  ),
  'not-imported-student': message(
    409,
    '该生的学籍不是导入的，或导入后已有变动，不能补录以往异动。',
    'The enrolment was not imported, or has changed since; past changes are not added to it.',
  ),
  'past-change-only': message(
    422,
    '只能导入学籍导入之日及以前的异动。',
    'Only changes until the day of the import of the student are brought in.',
    '之后的异动请按程序办理。',
    'File later ones as requests.',
  ),
  'nothing-to-import': message(
    409,
    '没有可导入的内容：各行均有错误，或已经导入。',
    'Nothing is left to import: each row has a fault, or was imported before.',
  ),
  'import-decided': message(409, '该批导入已审核。', 'The import was decided already.'),
  'certificate-imported': message(
    409,
    '该证书不是本系统制作的，不能打印。',
    'The certificate was not made by this system, which does not print it.',
    '遗失的，由学籍主管部门出具学历证明书（第二十一条）。',
    'For a loss the competent authority issues an attestation (Art 21).',
  ),
};
