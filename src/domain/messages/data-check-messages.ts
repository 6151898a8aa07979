import { message } from './message.js';

/** Why a statement of a school's data can't be signed or settled now. */
export const DATA_CHECK_MESSAGES = {
  'doubts-unanswered': message(
    409,
    '仍有疑点未核实，或承诺的更正期限已过。',
    'Doubts are not answered, or were to be corrected by a day that has passed.',
    '请逐条核实后再签署。',
    'Answer each of them, then sign.',
  ),
  'no-head-on-record': message(
    409,
    '本单位今日没有在任负责人，不能签署。',
    'The organisation has no head on record today, in whose name it could sign.',
    '请由机构管理员登记负责人。',
    'Have the administrator record the head.',
  ),
  'statement-signed': message(409, '本学期确认书已签署。', 'The statement of this term is signed already.'),
  'statement-not-open': message(409, '该确认书不在待确认状态。', 'The statement does not wait for the authority.'),
} as const;
