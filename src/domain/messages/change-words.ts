import { words, type Words } from './words.js';

/** On what ground, or for what cause, a change is filed. A code means the same in every kind that has it. */
export const GROUND_WORDS: Readonly<Record<string, Words>> = {
  absence: words('旷课或擅自离校', 'absence'),
  adjustment: words('学校专业调整', 'the school adjusts its majors'),
  aptitude: words('专长或兴趣', 'aptitude'),
  court: words('法院裁判', 'a decision of a court'),
  differentPerson: words('并非同一人', 'another person'),
  documentReissued: words('证件重新签发', 'the document was issued anew'),
  duplicate: words('重复学籍', 'duplicate registration'),
  enteredByMistake: words('误办', 'entered by mistake'),
  enteredWrongly: words('录入有误', 'entered wrongly'),
  expulsion: words('开除学籍', 'expulsion'),
  falseRegistration: words('虚假学籍', 'false registration'),
  family: words('家庭原因', 'family'),
  illness: words('因病', 'illness'),
  judgment: words('司法裁判', 'a judgment'),
  lapsed: words('逾期未办理手续', 'lapsed'),
  medical: words('身体原因', 'medical'),
  military: words('应征入伍', 'military service'),
  missingPerson: words('下落不明', 'missing'),
  notResumed: words('休学期满未复学', 'not resumed after a suspension'),
  other: words('其他', 'other'),
  ownApplication: words('本人申请', 'own application'),
  ownDocument: words('证件确属本人', 'the document is the own one'),
  resumed: words('复学后调整', 'after a resumption'),
  revoked: words('原审批被撤销', 'the approval was revoked'),
  startingBusiness: words('创业', 'starting a business'),
  studiesHere: words('确在本校就读', 'studies at this school'),
  studyAbroad: words('出国（境）留学', 'study abroad'),
  suspendedTwoYears: words('连续休学满两年', 'suspended for two years'),
  workStudy: words('工学交替', 'work and study'),
};

/** Who asked for a change (A21). */
export const APPLICANT_WORDS: Readonly<Record<string, Words>> = {
  student: words('学生本人', 'the student'),
  guardian: words('监护人', 'the guardian'),
  studentAndGuardian: words('学生本人和监护人', 'student and guardian'),
  school: words('学校', 'the school'),
  court: words('法院', 'a court'),
};

/** In what office a person acts. */
export const OFFICE_WORDS: Readonly<Record<string, Words>> = {
  schoolClerk: words('学校经办人', 'clerk of the school'),
  schoolReviewer: words('学校审核人', 'reviewer of the school'),
  authorityReviewer: words('主管部门审核人', 'reviewer of the authority'),
  authoritySupervisor: words('主管部门督办人', 'supervisor of the authority'),
  orgAdmin: words('机构管理员', 'administrator of the organisation'),
  operator: words('运维人员', 'operator'),
};

/** What became of a request. */
export const REQUEST_STATE_WORDS: Readonly<Record<string, Words>> = {
  open: words('办理中', 'open'),
  approved: words('已通过', 'approved'),
  rejected: words('未通过', 'rejected'),
  recalled: words('已撤回', 'recalled'),
  superseded: words('已被替代', 'superseded'),
  cancelled: words('已终止', 'cancelled'),
};
