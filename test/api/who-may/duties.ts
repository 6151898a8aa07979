import { dateOf } from '../../../src/domain/working-days.js';
import type { OfficeHeld, Person, StandIn } from './cast.js';
import type { Opinion, Standing, Step, Task } from './standing.js';

/** What somebody asks of an endpoint, and of which task or opinion. */
export interface Ask {
  readonly case: Standing;
  readonly caller: Person;
  readonly now: number;
  readonly taskId: string;
  readonly opinionId: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What the test knows of everybody: who holds which office, and which organisations are authorities. */
  readonly holdsOffice: (personId: string, office: string, at: string) => boolean;
  readonly officeIsHeld: (office: string, at: string) => boolean;
  readonly reviews: (at: string) => boolean;
  readonly isAuthority: (id: string) => boolean;
  /** Of offices that see cases. */
  readonly organisationsOf: (personId: string) => readonly string[];
}

/** Why it is refused: status and code; undefined where nothing stands against it. */
export type Refused = readonly [status: number, code: string] | undefined;
type Rule = (ask: Ask) => Refused;

const unless =
  (status: number, code: string, holds: (ask: Ask) => boolean): Rule =>
  (ask) =>
    holds(ask) ? undefined : [status, code];

// Who asks -----------------------------------------------------------------------------------------------------------------------
const has = ({ caller }: Pick<Ask, 'caller'>, office: string, at?: string): boolean =>
  caller.offices.some((one) => one.office === office && (at === undefined || one.organisationId === at));
const taskOf = ({ case: standing, taskId }: Ask): Task | undefined => standing.task(taskId);

/** Those for whom the caller stands in on this task, today, for this kind of request. */
const absentOn = (ask: Ask, task: Task): string[] =>
  ask.caller.standsInFor.filter((one) => runs(one, ask) && isOffice(one, task)).map(({ principalId }) => principalId);
const runs = ({ from, until, kinds }: StandIn, { now, case: { kind } }: Ask): boolean =>
  from <= now && now < until && (kinds?.includes(kind) ?? true);
const isOffice = ({ office, organisationId }: OfficeHeld, task: Task): boolean => office === task.office && organisationId === task.holder;

/**
 * In whose place the caller acts on the task: of the person whom it names; who holds its office acts in nobody's place but of one whom it
 * names; else of the first against whom nothing stands.
 */
export function inPlaceOf(ask: Ask, task: Task): string | undefined {
  const own = ask.caller.offices.some((one) => isOffice(one, task));
  const named = [task.assignee, task.delegation?.to, own ? undefined : task.claim?.by];
  if (own && named.includes(ask.caller.id)) return undefined;
  const absent = absentOn(ask, task);
  const forOne = named.find((id) => id !== undefined && absent.includes(id));
  return forOne ?? (own ? undefined : (absent.find((id) => isApart(ask, task, [id])) ?? absent[0]));
}
const namesOn = (ask: Ask, task: Task): string[] => [ask.caller.id, inPlaceOf(ask, task)].filter((id) => id !== undefined);
const sitsAt = (ask: Ask, task: Task): boolean => ask.caller.offices.some((one) => isOffice(one, task)) || absentOn(ask, task).length > 0;
const supervisesAt = (ask: Ask, task: Task): boolean =>
  [task.holder, task.ladder[0] ?? ''].some((at) => has(ask, 'authoritySupervisor', at));
const isAbove = (ask: Ask, task: Task): boolean => task.sawIt.some((at) => has(ask, 'authoritySupervisor', at));

/** 发起人或已办理其他环节的人员不得办理本环节: neither who filed, nor who decided another step or in whose place it was decided. */
function isApart({ case: { steps, filer } }: Ask, task: Task, persons: readonly string[]): boolean {
  const others = steps.filter(({ id }) => id !== task.step).flatMap(({ deciders }) => deciders);
  return task.supplement || !persons.some((id) => id === filer.id || others.includes(id));
}

// The rules, each in a line ------------------------------------------------------------------------------------------------------
const onTask = (status: number, code: string, holds: (ask: Ask, task: Task) => boolean): Rule =>
  unless(status, code, (ask) => {
    const task = taskOf(ask);
    return task !== undefined && holds(ask, task);
  });

/** Administrators see no cases, unless they stand in for somebody just now. */
const seesIt = unless(404, 'not-found', ({ case: { seenBy }, caller: { offices, standsInFor }, now }) =>
  [...offices.filter(({ office }) => office !== 'orgAdmin'), ...standsInFor.filter(({ from, until }) => from <= now && now < until)].some(
    ({ organisationId }) => seenBy.has(organisationId),
  ),
);
const isThere = unless(404, 'not-found', ({ case: { taskIds }, taskId }) => taskIds.includes(taskId));
const isOpen = unless(409, 'request-closed', (ask) => !ask.case.over);
const isUndecided = unless(409, 'already-decided', (ask) => !ask.case.over);
const goesOn = unless(409, 'request-held', (ask) => ask.case.holds.size === 0);
const operates = unless(403, 'not-your-office', (ask) => has(ask, 'operator'));
const files = unless(403, 'not-your-request', (ask) => has(ask, 'schoolClerk', ask.case.filer.at));
const objects = unless(
  403,
  'not-the-students-school',
  (ask) =>
    has(ask, 'schoolClerk', ask.case.filer.at) || has(ask, 'schoolClerk', ask.case.school) || has(ask, 'schoolReviewer', ask.case.school),
);
const takesPart = unless(
  403,
  'not-your-request',
  (ask) => has(ask, 'schoolClerk', ask.case.filer.at) || ask.case.open.some((task) => sitsAt(ask, task)),
);
const notApproved = unless(409, 'already-approved', (ask) => !ask.case.allApproved);
const taskIsOpen = unless(409, 'already-decided', (ask) => taskOf(ask) !== undefined);
const decidesSomething = onTask(403, 'not-your-task', (_, task) => !task.supplement);
const sits = onTask(403, 'not-your-task', sitsAt);
const isForIt = onTask(
  403,
  'not-your-task',
  (ask, task) => sitsAt(ask, task) && (task.assignee === undefined || namesOn(ask, task).includes(task.assignee)),
);
const apart = onTask(403, 'separation-of-duties', (ask, task) => isApart(ask, task, namesOn(ask, task)));
const isFree = onTask(
  409,
  'already-claimed',
  (ask, { claim, ...task }) => !claim || claim.until <= ask.now || [ask.caller.id, ...absentOn(ask, task)].includes(claim.by),
);
const hasClaimed = onTask(
  409,
  'not-claimed-by-you',
  (ask, { claim, ...task }) => claim !== undefined && claim.until > ask.now && [ask.caller.id, ...absentOn(ask, task)].includes(claim.by),
);
const notDelegated = onTask(409, 'delegated', (_, { delegation }) => delegation === undefined);
const isAsked = onTask(
  403,
  'not-delegated-to-you',
  (ask, task) => sitsAt(ask, task) && namesOn(ask, task).includes(task.delegation?.to ?? ''),
);
const hasAsked = onTask(
  403,
  'not-delegated-by-you',
  (ask, task) => sitsAt(ask, task) && namesOn(ask, task).includes(task.delegation?.by ?? ''),
);
/**
 * Whoever supervises the holder, saw the task overdue or operates hands it on, whoever has claimed it; the holder's office only what no
 * colleague has.
 */
const overrules = (ask: Ask, task: Task): boolean =>
  isAbove(ask, task) || has(ask, 'authoritySupervisor', task.holder) || has(ask, 'operator');
const sitsOrOverrules = onTask(403, 'not-your-task', (ask, task) => sitsAt(ask, task) || overrules(ask, task));
const isFreeOrOverrules: Rule = (ask) => {
  const task = taskOf(ask);
  return task && overrules(ask, task) ? undefined : isFree(ask);
};
const above = onTask(403, 'not-your-task', isAbove);
const nextIsApart = onTask(403, 'separation-of-duties', (ask, task) => isApart(ask, task, [ask.body.to as string]));
const nextIsAnother = onTask(422, 'not-yours-to-delegate', (ask, task) => !namesOn(ask, task).includes(ask.body.to as string));
const nextHolds = onTask(422, 'not-an-office-holder', (ask, { office, holder }) => ask.holdsOffice(ask.body.to as string, office, holder));
const urgeWaits = onTask(409, 'no-urge-to-answer', (_, { urgesToAnswer }) => urgesToAnswer > 0);

const supplementIsOpen = unless(409, 'not-a-supplement', ({ case: { open } }) => open.some(({ supplement }) => supplement));
const theSupplement: (rule: Rule) => Rule = (rule) => (ask) =>
  rule({ ...ask, taskId: ask.case.open.find(({ supplement }) => supplement)?.id ?? '' });
const firstToday = unless(
  409,
  'already-urged',
  ({ case: { urgedOn }, caller, now }) => !urgedOn.some(({ by, at }) => by === caller.id && dateOf(at) === dateOf(now)),
);
const mentionsSee = unless(422, 'not-a-mentionable-person', ({ body, case: { seenBy }, organisationsOf }) =>
  ((body.mentions as string[] | undefined) ?? []).every((id) => organisationsOf(id).some((at) => seenBy.has(at))),
);
const goesToAuthority = unless(422, 'invalid-input', ({ body, isAuthority }) => isAuthority(body.to as string));
const isAskable = onTask(
  422,
  'invalid-input',
  ({ body, reviews }, { holder }) => body.organisationId !== holder && reviews(body.organisationId as string),
);

// What operators do
const notPaused = unless(409, 'already-paused', (ask) => !ask.case.holds.has('operator'));
const paused = unless(409, 'not-paused', (ask) => ask.case.holds.has('operator'));
const isParked = unless(409, 'nothing-parked', (ask) => ask.case.parked);
const stepNamed = ({ case: { steps }, body }: Ask): Step | undefined => steps.find(({ id }) => id === body.step);
const stepKnown = unless(422, 'unknown-step', (ask) => stepNamed(ask) !== undefined);
const stepUndecided = unless(409, 'already-decided', (ask) => stepNamed(ask)?.is !== 'approved');
export const holderNow = ({ task, decidesAt }: Step): string => (task && !task.supplement ? task.holder : decidesAt);
const anotherHolder = unless(409, 'same-holder', (ask) => holderNow(stepNamed(ask) as Step) !== ask.body.to);
const canDecide = unless(422, 'cannot-hold', (ask) => ask.officeIsHeld(stepNamed(ask)?.office ?? '', ask.body.to as string));

// Opinions
const opinionOf = ({ case: { opinions }, opinionId }: Ask): Opinion | undefined => opinions.find(({ id }) => id === opinionId);
const seesOpinion = unless(404, 'not-found', (ask) => {
  const opinion = opinionOf(ask);
  return ask.caller.offices
    .filter(({ office }) => office !== 'orgAdmin' && office !== 'operator')
    .some(({ organisationId: at }) => at === opinion?.asked || at === opinion?.asking);
});
const answersFor = unless(403, 'not-your-task', (ask) =>
  ['schoolReviewer', 'authorityReviewer', 'authoritySupervisor'].some((office) => has(ask, office, opinionOf(ask)?.asked ?? '')),
);
const isWanted = unless(409, 'consultation-closed', (ask) => {
  const opinion = opinionOf(ask);
  return opinion?.answered === false && ask.case.task(opinion.taskId) !== undefined;
});

// Decisions, and taking them back
const returning = ({ body }: Ask): boolean => body.verdict === 'return';
const again = (ask: Ask, task: Task): boolean => returning(ask) && ask.case.stepOf(task.step).returns > 0;
const onlyReturnsGoBack = unless(422, 'invalid-input', (ask) => returning(ask) || ask.body.to === undefined);
/** A step is returned once by its reviewer; again by the supervisor alone (A9), whom no assignment, claim or delegation binds. */
const mayDecide: Rule = (ask) => {
  const task = taskOf(ask);
  if (task && again(ask, task)) {
    if (supervisesAt(ask, task)) return isApart(ask, task, [ask.caller.id]) ? undefined : [403, 'separation-of-duties'];
    return sits(ask) ?? apart(ask);
  }
  return sits(ask) ?? apart(ask) ?? isForIt(ask) ?? notDelegated(ask) ?? isFree(ask);
};
const readLast = onTask(409, 'stale-version', ({ body }, { version }) => body.version === version);
/** There is nobody to return a ruling to, and a rejection would leave both sides where they are (A5). */
const rules = onTask(
  422,
  'ruling-required',
  ({ body, case: standing }, { step }) => body.verdict === 'approve' || standing.stepOf(step).asks !== 'ruling',
);
const saysWhy = unless(422, 'opinion-required', ({ body }) => body.verdict === 'approve' || String(body.opinion).trim() !== '');
const goesBack = onTask(
  422,
  'not-an-earlier-step',
  ({ body, case: standing }, { step }) => body.to === undefined || standing.earlier(standing.stepOf(step)).some(({ id }) => id === body.to),
);
const returnsOnce = onTask(403, 'second-return-needs-supervisor', (ask, task) => !again(ask, task) || supervisesAt(ask, task));

const decidedIn = ({ case: { steps }, taskId }: Ask): Step | undefined => steps.find(({ decision }) => decision?.taskId === taskId);
const wasDecided = unless(409, 'nothing-to-retract', (ask) => decidedIn(ask) !== undefined);
const decidedIt = unless(403, 'not-your-decision', (ask) => {
  const { by, absent, holder, office } = decidedIn(ask)?.decision ?? {};
  const stillStandsIn = ask.caller.standsInFor.some(
    (one) =>
      one.from <= ask.now && ask.now < one.until && one.office === office && one.organisationId === holder && one.principalId === absent,
  );
  return [by, absent].includes(ask.caller.id) && (has(ask, office ?? '', holder) || stillStandsIn);
});
const itStands = unless(409, 'nothing-to-retract', (ask) => {
  const { is, decision } = decidedIn(ask) ?? {};
  return decision?.verdict === 'approve' ? is === 'approved' : is === 'returned';
});
const nobodyWentOn = unless(409, 'next-step-begun', (ask) => {
  const step = decidedIn(ask) as Step;
  const claimed = (task?: Task) => task?.claim !== undefined && task.claim.until > ask.now;
  const later = ask.case.later(step);
  const touched = later.some(({ task }) => claimed(task) || task?.delegation !== undefined);
  return !claimed(step.task) && !touched && !later.some(({ decision }) => (decision?.seq ?? 0) > (step.decision?.seq ?? 0));
});

/** What a move is on record as, and the rules that it keeps, in the order in which they are asked. */
export interface Duty {
  readonly act: string;
  readonly rules: readonly Rule[];
}
const duty = (act: string, ...rules: Rule[]): Duty => ({ act, rules });
const working = [taskIsOpen, isForIt, apart, isFree];
const operating = [seesIt, isOpen, operates];
const going = [seesIt, isOpen, goesOn];
const onTasks = [isThere, ...going];

/** Every move of the API, by its endpoint. */
export const DUTIES: Readonly<Record<string, Duty>> = {
  'change-requests/{id}/recall': duty('recalled', seesIt, isOpen, files, notApproved),
  'change-requests/{id}/supplement': duty('supplemented', ...going, supplementIsOpen, theSupplement(isForIt), theSupplement(isFree)),
  'change-requests/{id}/urge': duty('urged', ...going, files, firstToday),
  'change-requests/{id}/comments': duty('commented', seesIt, isOpen, mentionsSee),
  'change-requests/{id}/objections': duty('objected', seesIt, isOpen, objects),
  'change-requests/{id}/copies': duty('copied', seesIt, isOpen, takesPart, goesToAuthority),
  'change-requests/{id}/cancellation': duty('cancelled', ...operating),
  'change-requests/{id}/pause': duty('held', ...operating, notPaused),
  'change-requests/{id}/continuation': duty('continued', ...operating, paused),
  'change-requests/{id}/deadline': duty('extended', ...operating, taskIsOpen),
  'change-requests/{id}/reroute': duty('redirected', ...operating, stepKnown, stepUndecided, anotherHolder, canDecide),
  'change-requests/{id}/retry': duty('retried', ...operating, isParked),
  'tasks/{id}/claim': duty('claimed', ...onTasks, ...working),
  'tasks/{id}/release': duty('released', ...onTasks, taskIsOpen, hasClaimed),
  'tasks/{id}/reassignment': duty('reassigned', ...onTasks, taskIsOpen, sitsOrOverrules, isFreeOrOverrules, nextIsApart, nextHolds),
  'tasks/{id}/delegation': duty(
    'delegated',
    ...onTasks,
    taskIsOpen,
    decidesSomething,
    notDelegated,
    ...working,
    nextIsAnother,
    nextIsApart,
    nextHolds,
  ),
  'tasks/{id}/delegation/answer': duty('delegationEnded', ...onTasks, taskIsOpen, isAsked),
  'tasks/{id}/delegation/withdrawal': duty('delegationEnded', ...onTasks, taskIsOpen, hasAsked),
  'tasks/{id}/consultations': duty('consulted', ...onTasks, taskIsOpen, decidesSomething, ...working, isAskable),
  'tasks/{id}/urge': duty('urged', ...onTasks, taskIsOpen, above),
  'tasks/{id}/urge/answer': duty('urgeAnswered', ...onTasks, taskIsOpen, sits, urgeWaits),
  'tasks/{id}/retraction': duty('retracted', ...onTasks, wasDecided, decidedIt, notApproved, itStands, nobodyWentOn),
  'tasks/{id}/decision': duty(
    'decided',
    onlyReturnsGoBack,
    isThere,
    seesIt,
    isUndecided,
    goesOn,
    taskIsOpen,
    decidesSomething,
    mayDecide,
    rules,
    readLast,
    saysWhy,
    goesBack,
    returnsOnce,
  ),
  'consultations/{id}/answer': duty('consultationAnswered', seesOpinion, isOpen, goesOn, answersFor, isWanted),
};

/** Why a move is refused: by the first rule that stands against it. A disabled person is not let in at all. */
export function refusalOf(endpoint: string, ask: Ask): Refused {
  if (ask.caller.disabled) return [401, 'unauthenticated'];
  for (const rule of DUTIES[endpoint]?.rules ?? []) {
    const refused = rule(ask);
    if (refused) return refused;
  }
  return undefined;
}

/** In whose place an admitted move is made, on record beside who made it. */
export function standsFor(endpoint: string, ask: Ask): string | undefined {
  const task = taskOf(ask);
  if (endpoint === 'tasks/{id}/retraction') {
    const { absent, by } = decidedIn(ask)?.decision ?? {};
    return by === ask.caller.id && absent && ask.caller.standsInFor.some((one) => runsNow(one, ask) && one.principalId === absent)
      ? absent
      : undefined;
  }
  if (!task || !endpoint.startsWith('tasks/') || endpoint === 'tasks/{id}/urge') return undefined;
  if (endpoint === 'tasks/{id}/decision' && again(ask, task)) return undefined;
  if (endpoint === 'tasks/{id}/reassignment' && overrules(ask, task)) return undefined;
  return inPlaceOf(ask, task);
}
const runsNow = ({ from, until }: StandIn, { now }: Ask): boolean => from <= now && now < until;
