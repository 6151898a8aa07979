import { message } from './message.js';

/** Why what is said of a student's study, or of its days, can't be. Each says what clears it. */
export const STUDY_MESSAGES = {
  'date-before-enrolment': message(422, '日期早于学生入学。', 'The day lies before the enrolment.', '请核对日期。', 'Check the date.'),
  'birth-after-enrolment': message(
    422,
    '出生日期不早于入学日期。',
    'The birth date does not lie before the enrolment.',
    '请核对出生日期。',
    'Check the birth date.',
  ),
  'application-missing': message(
    422,
    '该事由须写明申请人和申请日期。',
    'On this ground it must be said who applied, and when.',
    '请填写申请人和申请日期。',
    'Say who applied, and when.',
  ),
  'applicant-contradicts-ground': message(
    422,
    '申请人与事由不符。',
    'The applicant contradicts the ground.',
    '学生或监护人申请的，申请人填写学生、监护人或两者；学校处理的，填写学校。',
    'What the family asks for is applied for by student, guardian or both; what the school decides, by the school.',
  ),
  'outside-category-terms': message(
    409,
    '已过转专业的学期：跨专业大类的在第一学期结束前办理，同一专业大类的在第三学期结束前办理。',
    'The term for this is over: a major of another category is taken in the first term, one of the same category by the third.',
    '请选择同一专业大类的专业；复学时原专业停办或学校专业调整的，请选择相应事由。',
    'Choose a major of the same category, or the ground that the school gave the major up.',
  ),
  'suspended-too-short': message(
    409,
    '该生未连续休学满规定的时间。',
    'The student has not been suspended without a break for as long as this ground asks.',
    '请选择其他事由，或在期满后办理。',
    'Choose another ground, or file when the time is over.',
  ),
};
