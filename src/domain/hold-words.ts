import { MESSAGES, type MessageCode } from './messages/messages.js';
import { words, type Words } from './messages/words.js';
import type { BlockerOwner } from './refusal.js';

/** Why a request does not move, in words, who can clear that, and how. */
export interface HoldWords {
  readonly message: Words;
  /** Absent where nobody need do anything. */
  readonly owner?: BlockerOwner;
  readonly remedy: Words;
}

interface Cause {
  readonly message: Words;
  readonly owner: BlockerOwner;
}

/** Why an approved change, or a step, can't go on: the causes that are no reason of a filing. */
const PARKED: Readonly<Record<string, Cause>> = {
  'student-not-at-source-school': {
    message: words('学生已不在申请所列的学校。', 'The student is at that school no longer.'),
    owner: 'filer',
  },
  'destination-school-closed': { message: words('转入学校已撤销。', 'The destination school is closed.'), owner: 'filer' },
  'enrolment-held-elsewhere': { message: words('学生另有在籍的学籍。', 'The student holds another enrolment.'), owner: 'filer' },
  'registered-elsewhere': { message: words('学生已在其他学校注册。', 'The person is registered at another school.'), owner: 'filer' },
  'register-unanswered': {
    message: words('其他学籍系统尚未答复查重结果。', 'A register of other schools has not answered yet.'),
    owner: 'operator',
  },
  'counter-claim-open': {
    message: words('对方学校的主张尚未办结。', 'The assertion of the other school is still being decided.'),
    owner: 'authority',
  },
  'no-common-superior': {
    message: words('双方没有共同的上级主管部门。', 'The two sides have no common superior.'),
    owner: 'operator',
  },
  'registration-period-over': {
    message: words('已过新生注册截止时间。', 'The period in which this intake is registered is over.'),
    owner: 'authority',
  },
  'identity-not-confirmed': {
    message: words('人口信息核验未通过。', 'The population service has not confirmed the identity.'),
    owner: 'filer',
  },
  'identity-service-unavailable': {
    message: words('人口信息核验服务暂不可用。', 'The population service can not be reached.'),
    owner: 'operator',
  },
  'internal-error': {
    message: words('系统故障，运维人员已获通知。', 'A fault of the system, of which its operators are told.'),
    owner: 'operator',
  },
  'no-living-holder': {
    message: words('没有可以承办本环节的单位。', 'There is no organisation left that holds this step.'),
    owner: 'operator',
  },
};

/** What can be done about what is parked, by who can clear it. */
const CLEARED_BY = {
  operator: words(
    '请运维人员排除原因后重试，没有承办单位的可以改派；发起单位可以撤回申请。',
    'An operator clears the cause and retries, or redirects a step without a holder. The filing school may recall the request.',
  ),
  others: words(
    '条件恢复后自动继续；发起单位可以撤回申请，运维人员可以重试或者终止办理。',
    'It goes on by itself once this is cleared. The filing school may recall the request; an operator may retry or cancel it.',
  ),
};

const GOES_ON = words(
  '中止原因消除后由运维人员恢复办理，办理期限顺延；发起单位可以撤回申请。',
  'An operator lets it go on once the cause is gone, and no working day counts meanwhile. The filing school may recall the request.',
);
const byOperator = (message: Words): HoldWords => ({ message, owner: 'operator', remedy: GOES_ON });

const PAUSED: Readonly<Record<string, HoldWords>> = {
  death: {
    message: words(
      '该生的死亡登记正在办理，本申请中止。',
      'A report of the student’s death is being decided, and this request waits for it.',
    ),
    owner: 'authority',
    remedy: words(
      '死亡登记未获同意的，本申请自动恢复办理；已生效的，本申请终止。',
      'This request goes on by itself if the report is rejected, and ends once the report takes effect.',
    ),
  },
  courtOrder: byOperator(words('因司法机关要求中止办理。', 'It is paused by order of a court.')),
  investigation: byOperator(words('因调查中止办理。', 'It is paused for an investigation.')),
  other: byOperator(words('因其他原因中止办理。', 'It is paused for another cause.')),
};

const AWAITING_SUPPLEMENT: HoldWords = {
  message: words('申请已退回，待发起单位补正或举证。', 'The request was returned and waits for its filer to hand in what is missing.'),
  owner: 'filer',
  remedy: words('请发起单位补正后提交。', 'The filer hands in what the return names.'),
};
const AWAITING_EFFECT: HoldWords = {
  message: words('已同意，待生效日期生效。', 'It is approved and waits for its day of effect.'),
  remedy: words(
    '到期自动生效；生效前发起单位可以撤回申请。',
    'It takes effect by itself on that day. Until then the filing school may recall it.',
  ),
};

/** Every cause for which something is parked or paused and that no filing is refused for, by its code. */
export const CAUSE_WORDS: Readonly<Record<string, Words>> = Object.fromEntries(
  Object.entries({ ...PARKED, ...PAUSED }).map(([code, { message }]) => [code, message]),
);

const isCode = (cause: string): cause is MessageCode => Object.hasOwn(MESSAGES, cause);

/** What people are told of a hold. A reason of a filing that parks an effect is told in its own words. */
export function holdWords({ kind, cause }: { readonly kind: string; readonly cause: string }): HoldWords | undefined {
  if (kind === 'paused') return PAUSED[cause] ?? PAUSED.other;
  if (kind === 'awaitingSupplement') return AWAITING_SUPPLEMENT;
  if (kind === 'awaitingEffect') return AWAITING_EFFECT;
  const parked = PARKED[cause] ?? (isCode(cause) ? { message: MESSAGES[cause], owner: 'filer' as const } : undefined);
  if (!parked) return undefined;
  return { ...parked, remedy: parked.owner === 'operator' ? CLEARED_BY.operator : CLEARED_BY.others };
}
