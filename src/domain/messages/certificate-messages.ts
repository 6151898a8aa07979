import { message } from './message.js';

/** Why a certificate can't be issued, voided or handed over now (Art 19–21). Each says what clears it. */
export const CERTIFICATE_MESSAGES = {
  'certificate-state-differs': message(
    409,
    '该生当前的学籍状态不能出具此种证书。',
    "The student's present status gives no right to a certificate of this kind.",
    '请先办结毕业、结业或相应的学籍手续。',
    'Complete the graduation, the completion or the change that leads to it first.',
  ),
  'certificate-issued': message(
    409,
    '该学籍已出具过此种证书；遗失不予补办（第二十一条）。',
    'A certificate of this kind was issued for this enrolment; a loss is not reissued (Art 21).',
    '印制有误且尚未发放的，请先作废；已发放后遗失的，由学籍主管部门出具学历证明书。',
    'Void a misprint before it is handed over. For a loss the competent authority issues an attestation.',
  ),
  'student-number-provisional': message(
    409,
    '该生只有临时学籍号。',
    'The student has a provisional number only.',
    '请先完成身份核验和学籍注册，取得正式学籍号（第九条）。',
    'Have the identity authenticated and the registration completed first (Art 9).',
  ),
  'certificate-major-missing': message(
    409,
    '缺少专业，或专业代码不在专业目录内。',
    'The major is missing, or no catalogue has it.',
    '请以学籍信息更正补录专业。',
    'Have the major put right by a study correction.',
  ),
  'photograph-missing': message(
    409,
    '缺少照片。',
    'The photograph is missing.',
    '请上传该生照片（JPEG 或 PNG），并在 photographs 中列明。',
    'Upload the photograph (JPEG or PNG) and name it in photographs.',
  ),
  'school-head-missing': message(
    409,
    '学校未登记负责人，证书缺少校长姓名。',
    'No head of the school is on record, so the certificate lacks the name.',
    '请由机构管理员登记负责人。',
    "Have the school's administrator record the head.",
  ),
  'leaving-day-missing': message(
    409,
    '缺少学习止期，或早于入学日期。',
    'The last day of study is missing, or lies before the first.',
    '请先更正学习起止日期。',
    'Have the days of study put right first.',
  ),
  'studied-too-briefly': message(
    409,
    '学习不满一年，不能出具肄业证明。',
    'Less than a year was studied, which gives no right to a certificate of partial study.',
  ),
  'character-not-in-font': message(
    409,
    '证书字库缺少字符。',
    'The fonts of certificates lack a character.',
    '请运维人员补充字库后再出具；勿以其他字代替。',
    'Have the operator add a font that has it; do not write another character instead.',
  ),
  'photograph-not-usable': message(
    422,
    '照片不存在、不是由本单位上传，或不是 JPEG、PNG 图片。',
    'The photograph is unknown, not uploaded by your organisation, or no JPEG or PNG picture.',
    '请重新上传照片。',
    'Upload the photograph again.',
  ),
  'certificate-handed-over': message(
    409,
    '证书已发放，不能作废（第二十一条）。',
    'The certificate was handed over and cannot be voided (Art 21).',
    '遗失的，由学籍主管部门出具学历证明书。',
    'For a loss the competent authority issues an attestation.',
  ),
  'certificate-not-in-force': message(409, '证书已作废或已被替换。', 'The certificate was voided or superseded.'),
  'loss-not-declared': message(
    422,
    '出具学历证明书须有遗失声明。',
    'An attestation is issued on a declaration of loss.',
    '请填写遗失声明的日期和说明。',
    'Give the day of the declaration and what it says.',
  ),
};
