import { MESSAGES, type MessageCode } from './messages.js';
import { words, type Words } from './words.js';

/** Why an approved change, or a step, can't go on: the causes that are no reason of a filing. */
const CAUSES: Readonly<Record<string, Words>> = {
  'student-not-at-source-school': words('学生已不在申请所列的学校。', 'The student is at that school no longer.'),
  'destination-school-closed': words('转入学校已撤销。', 'The destination school is closed.'),
  'enrolment-held-elsewhere': words('学生另有在籍的学籍。', 'The student holds another enrolment.'),
  'registered-elsewhere': words('学生已在其他学校注册。', 'The person is registered at another school.'),
  'counter-claim-open': words('对方学校的主张尚未办结。', 'The assertion of the other school is still being decided.'),
  'no-common-superior': words('双方没有共同的上级主管部门。', 'The two sides have no common superior.'),
  'registration-period-over': words('已过新生注册截止时间。', 'The period in which this intake is registered is over.'),
  'identity-not-confirmed': words('人口信息核验未通过。', 'The population service has not confirmed the identity.'),
  'identity-service-unavailable': words('人口信息核验服务暂不可用。', 'The population service can not be reached.'),
  'internal-error': words('系统故障，运维人员已获通知。', 'A fault of the system, of which its operators are told.'),
  'no-living-holder': words('没有可以承办本环节的单位。', 'There is no organisation left that holds this step.'),
};

/** Who can do what about it. */
const REMEDY = words(
  '条件恢复后自动继续；发起单位可以撤回申请，运维人员可以重试或者终止办理。',
  'It goes on by itself once this is cleared. The filing school may recall the request; an operator may retry or cancel it.',
);

const isCode = (cause: string): cause is MessageCode => Object.hasOwn(MESSAGES, cause);

/** What people are told of what is parked: why, and who can do what. Undefined of what waits for something else. */
export function parkedWords({
  kind,
  cause,
}: {
  readonly kind: string;
  readonly cause: string;
}): { message: Words; remedy: Words } | undefined {
  if (kind !== 'effectParked' && kind !== 'stepParked') return undefined;
  const message = CAUSES[cause] ?? (isCode(cause) ? MESSAGES[cause] : undefined);
  return message && { message, remedy: REMEDY };
}
