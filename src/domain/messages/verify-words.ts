import { words } from './words.js';

/** What the public page of verifications 核验 says. */
export const VERIFY_WORDS = {
  title: words('学历与在读核验', 'Verify a certificate or an enrolment'),
  about: words(
    '核对中等职业学校学生的毕业、结业证书或在读情况。核验免费；所填各项须与记录完全一致。',
    'Check a certificate of a secondary vocational school, or that a student is enrolled. It is free. Everything must match exactly.',
  ),
  byCode: words('凭核验码', 'By verification code'),
  byCodeHint: words('学生提供的核验码，或扫码后自动填入。', 'The code that the student gave you. Scanning a QR code fills it in.'),
  byNumber: words('凭证书编号', 'By certificate number'),
  byNumberHint: words(
    '证书编号和证件号码以证书所载为准；扫描证书上的二维码可自动填入编号。',
    'Both numbers as they stand on the certificate. Scanning its QR code fills in the first.',
  ),
  code: words('核验码', 'Verification code'),
  certificateNumber: words('证书编号', 'Certificate number'),
  documentNumber: words('证件号码', 'Identity document number'),
  name: words('姓名', 'Name'),
  verify: words('核验', 'Verify'),
  noScript: words('二维码中的编号须手动输入。', 'Without scripts, type the number that the QR code stands for.'),
  match: words('核验一致', 'Verified'),
  noMatch: words('未能核验', 'Not verified'),
  whyNoMatch: words(
    '没有与所填内容完全一致的有效记录。请核对各项；核验码可能已过期或由学生撤回。',
    'No valid record matches everything that was entered. Check each field. A code may have expired, or the student took it back.',
  ),
  failed: words('未作核验', 'Nothing was verified'),
  missing: words('请填写', 'Please fill in'),
  studyState: words('学籍状态', 'Standing'),
  kind: words('证书种类', 'Kind of certificate'),
  state: words('证书状态', 'Certificate is'),
  school: words('学校', 'School'),
  major: words('专业', 'Major'),
  studyMode: words('学习形式', 'Study mode'),
  length: words('学制', 'Length of schooling'),
  years: words('年', 'years'),
  enrolledOn: words('入学日期', 'Enrolled on'),
  leftOn: words('离校日期', 'Left on'),
  leavingOn: words('预计毕业日期', 'Expected to leave on'),
  issuedOn: words('证书日期', 'Date of the certificate'),
  issuer: words('颁发单位', 'Issued by'),
  sex: words('性别', 'Sex'),
  asOf: words('核验日期', 'Verified on'),
  privacy: words(
    '结果只显示证书已载内容，证件号码不完整显示。每次核验都会留下记录，学生本人可以查看。',
    'The result shows no more than the certificate does, and never the whole document number. The student sees each verification.',
  ),
  otherLanguage: words('English', '中文'),
} as const;

/** States of a study, as the page shows them. */
export const STUDY_STATES: Readonly<Record<string, ReturnType<typeof words>>> = {
  active: words('在读', 'Enrolled'),
  suspended: words('休学（保留学籍）', 'On leave, still enrolled'),
  graduated: words('毕业', 'Graduated'),
  completed: words('结业', 'Completed without graduating'),
  advanced: words('转段升学', 'Advanced to the next stage'),
  withdrawn: words('肄业', 'Left before completing'),
};

/** What became of a certificate. */
export const CERTIFICATE_VALIDITY: Readonly<Record<string, ReturnType<typeof words>>> = {
  issued: words('有效', 'Valid'),
  superseded: words('已由毕业证书替换', 'Superseded by a graduation certificate'),
  revoked: words('已撤销', 'Revoked'),
};
