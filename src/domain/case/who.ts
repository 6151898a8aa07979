import type { CaseState, OpenTask } from './case.js';
import { filerNow, openTasks, stepOf, standsNow } from './case.js';
import { claimantOf, type Moment } from './claims.js';
import { FILERS_OFFICES, holds, type Actor, type ProxyOffice } from '../offices.js';
import { isOperator } from './operators.js';
import { refusal, type Refusal } from '../refusal.js';

/**
 * The office of an absent person in which the actor works on the task. Every act on the task is judged and signed in that one name:
 * 1. The person whom the task names, if the actor stands in for that person.
 * 2. Else nobody, if the actor holds the task's office.
 * 3. Else the first absent person for whom nothing bars the actor.
 */
export function proxyFor(state: CaseState, task: OpenTask, actor: Actor): ProxyOffice | undefined {
  const own = holds(actor, task.office, task.holder);
  const named = [task.assignee, task.delegation?.to, ...(own ? [] : [task.claim?.by])];
  if (own && named.includes(actor.personId)) return undefined;
  const proxies = proxiesOn(state, task, actor);
  const [forNamed] = named.flatMap((id) => proxies.filter(({ principalId }) => principalId === id));
  if (forNamed || own) return forNamed;
  return proxies.find(({ principalId }) => !mayBeIts(state, task, principalId)) ?? proxies[0];
}

const proxiesOn = ({ route }: CaseState, task: OpenTask, { proxies = [] }: Actor): ProxyOffice[] =>
  proxies.filter((one) => fits(one, task) && (one.kinds?.includes(route.kind) ?? true));

const fits = ({ office, organisationId }: ProxyOffice, task: OpenTask): boolean => office === task.office && organisationId === task.holder;

export const inOffice = (state: CaseState, task: OpenTask, actor: Actor): boolean =>
  holds(actor, task.office, task.holder) || proxyFor(state, task, actor) !== undefined;

/** The superior authority to which the overdue task went: it may urge or reassign within the holder, never decide for it (A4). */
export const isSuperior = (task: OpenTask, actor: Actor): boolean => task.escalatedTo.some((id) => holds(actor, 'authoritySupervisor', id));

/** The supervisor who may allow a second return: of the holder itself, or of its immediate superior (A9). */
export const isSupervisor = (task: OpenTask, actor: Actor): boolean =>
  [task.holder, task.ladder[0]].some((id) => id !== undefined && holds(actor, 'authoritySupervisor', id));

/** May reassign a task that somebody else has claimed: the holder's supervisor, the superior that it was escalated to, or an operator. */
export const overrules = (task: OpenTask, actor: Actor): boolean =>
  isSuperior(task, actor) || holds(actor, 'authoritySupervisor', task.holder) || isOperator(actor);

/** The actor, the absent person for whom the actor would work on the task, and of a service account who issued it. */
export const personsOf = (state: CaseState, task: OpenTask, actor: Actor): string[] =>
  [actor.personId, proxyFor(state, task, actor)?.principalId, actor.service?.issuedBy].filter((id) => id !== undefined);

export function mayWork(state: CaseState, task: OpenTask, actor: Actor): Refusal | undefined {
  if (!inOffice(state, task, actor)) return refusal('not-your-task');
  return task.assignee && !personsOf(state, task, actor).includes(task.assignee) ? refusal('not-your-task') : undefined;
}

/**
 * Neither the filer nor who decided another step decides this one (invariant 2), so neither claims it or gets it handed. Of a proxy it
 * holds for both: for who acts, and for who is absent. Of a service account it holds for who issued its key too.
 */
export function mayBeIts(state: CaseState, task: OpenTask, ...persons: readonly string[]): Refusal | undefined {
  if (task.supplement) return undefined;
  const { filer, steps } = state.route;
  const others = steps.filter(({ id }) => id !== task.step).flatMap(({ id }) => stepOf(state, id).deciders);
  return persons.some((id) => [filer.personId, filer.accountIssuedBy].includes(id) || state.statedBy?.includes(id) || others.includes(id))
    ? refusal('separation-of-duties')
    : undefined;
}

/** Whether the claim on the task is the actor's, or that of an absent person for whom the actor stands in. */
export function hasClaimed(state: CaseState, task: OpenTask, actor: Actor, moment: Moment): boolean {
  const claimant = claimantOf(task, moment);
  return claimant === actor.personId || proxiesOn(state, task, actor).some(({ principalId }) => principalId === claimant);
}

export const unclaimedByOthers = (state: CaseState, task: OpenTask, actor: Actor, moment: Moment): Refusal | undefined =>
  claimantOf(task, moment) === undefined || hasClaimed(state, task, actor, moment) ? undefined : refusal('already-claimed');

/**
 * The filer's moves pass to the successor's clerks, or to the authority that acts for a closed school. A ruling is opened by the process:
 * its holder, which stands for the filer there, may not take it back.
 */
export const isFiler = (state: CaseState, actor: Actor): boolean =>
  state.route.kind !== 'duplicateRuling' && FILERS_OFFICES.some((office) => holds(actor, office, filerNow(state)));

/** What a student or guardian objects (A21) is noted where they say it: at the student's school, or at who filed. */
export function mayObject(state: CaseState, actor: Actor): Refusal | undefined {
  const { sourceSchool, school = sourceSchool } = state.route.parties;
  const at = school && standsNow(state, school);
  const may = isFiler(state, actor) || (at !== undefined && AT_SCHOOL.some((office) => holds(actor, office, at)));
  return may ? undefined : refusal('not-the-students-school');
}
/** A closed school's authority acts for it. */
const AT_SCHOOL = [...FILERS_OFFICES, 'schoolReviewer'] as const;

/** Whether the actor may work on one of the case's open tasks, or filed it. */
export const takesPart = (state: CaseState, actor: Actor): boolean =>
  isFiler(state, actor) || openTasks(state).some((task) => inOffice(state, task, actor));
