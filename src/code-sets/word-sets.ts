import { DELIVERY_FAILURES } from '../domain/messages/delivery-words.js';
import { CAUSE_WORDS } from '../domain/hold-words.js';
import { APPLICANT_WORDS, GROUND_WORDS, OFFICE_WORDS, REQUEST_STATE_WORDS } from '../domain/messages/change-words.js';
import {
  ACT_WORDS,
  CAPACITY_WORDS,
  ENROLMENT_STATE_WORDS,
  HOLD_WORDS,
  OWNER_WORDS,
  STEP_WORDS,
  VERDICT_WORDS,
} from '../domain/messages/code-words.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { NOTIFICATIONS } from '../domain/messages/notifications.js';
import type { Words } from '../domain/messages/words.js';
import { CASE_KINDS } from '../domain/procedure/procedure.js';
import { procedureOf } from '../domain/procedure/procedures.js';

const set = (zh: string, en: string, codes: Readonly<Record<string, Words>>) => ({
  zh,
  en,
  items: Object.entries(codes).map(([code, said]) => ({ code, zh: said.zh, en: said.en })),
});

/** The words of the product's own codes: a client keeps none of its own. They are those of the catalogue that answers speak by. */
export const WORD_SETS: Readonly<Record<string, ReturnType<typeof set>>> = {
  'act-kinds': set('办理动作', 'what happens to a request', ACT_WORDS),
  applicants: set('申请人', 'who asks for a change', APPLICANT_WORDS),
  capacities: set('办理身份', 'in what capacity a step is decided', CAPACITY_WORDS),
  'change-kinds': set('业务类型', 'kinds of request', Object.fromEntries(CASE_KINDS.map((kind) => [kind, procedureOf(kind).title]))),
  'delivery-failures': set('送达失败原因', 'why a receiver of events was not reached', DELIVERY_FAILURES),
  'enrolment-states': set('学籍状态', 'states of an enrolment', ENROLMENT_STATE_WORDS),
  grounds: set('事由', 'grounds of a change', GROUND_WORDS),
  'hold-causes': set('暂停原因', 'why something is parked or paused', CAUSE_WORDS),
  holds: set('等待事项', 'why an open request stands still', HOLD_WORDS),
  'notification-kinds': set('通知类型', 'kinds of notification', NOTIFICATIONS),
  offices: set('职务', 'offices', OFFICE_WORDS),
  owners: set('处理方', 'who can clear a reason', OWNER_WORDS),
  'problem-codes': set('拒绝原因', 'why something is refused', MESSAGES),
  'request-states': set('申请状态', 'states of a request', REQUEST_STATE_WORDS),
  steps: set('环节', 'steps', STEP_WORDS),
  verdicts: set('办理意见', 'verdicts', VERDICT_WORDS),
};
