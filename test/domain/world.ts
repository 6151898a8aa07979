import { isProcessAct } from '../../src/domain/case/act-kinds.js';
import type { Act, ActBody } from '../../src/domain/case/acts.js';
import { admissible, type Move } from '../../src/domain/case/admissible.js';
import { agendaOf } from '../../src/domain/case/agenda.js';
import { isPausedBy, newCase, openTasks, OPERATOR, takesEffectAt, taskOf, type CaseState } from '../../src/domain/case/case.js';
import type { Moment } from '../../src/domain/case/claims.js';
import { caseOf, fold } from '../../src/domain/case/fold.js';
import { next, type Todo } from '../../src/domain/case/next.js';
import type { Actor } from '../../src/domain/offices.js';
import type { Route } from '../../src/domain/procedure/procedure.js';
import { addDays, dateOf, instantOf, nationwide } from '../../src/domain/working-days.js';
import { actOf, clerkOf, filedOn, operator, personsAct, principalOf, reviewerOf, WEEKDAYS } from '../fixtures/case.js';

type Doing = Exclude<Todo, { do: 'wait' | 'end' }>;
/** A run of the process: what it has read, and what it means to do since. */
interface Run {
  state: CaseState;
  todo?: Todo;
}

/** What `activities/perform.ts` refuses; a world without it shows that the model notices. */
export type Fence = 'as performed' | 'none';

/**
 * One request with its ledger, persons who move as they like, and runs of the process that think at one moment and act at a later one, as
 * a worker does that was stopped in between. Acts reach the ledger only as the API and the activities let them.
 */
export class World {
  readonly acts: Act[] = [];
  readonly keys = new Set<string>();
  state: CaseState;
  now = instantOf('2026-09-01', 9);
  /** Organisations that have no living holder, and whether the effect fails. */
  readonly dead = new Set<string>();
  effectFails = false;
  /** The day of effect that was asked for, 'YYYY-MM-DD'; fixed once the change waits for it. */
  private day = '';
  private readonly runs: readonly Run[];

  constructor(
    readonly route: Route,
    private readonly fence: Fence = 'as performed',
  ) {
    this.state = newCase(route);
    this.runs = [newCase(route), newCase(route)].map((state) => ({ state }));
    this.append(filedOn(route), clerkOf(route.filer.organisationId));
  }

  get moment(): Moment {
    return { now: this.now, calendars: nationwide(WEEKDAYS) };
  }

  get agenda() {
    return agendaOf(this.state, this.moment.calendars, 'the request');
  }

  private append(body: ActBody, actor?: Actor, onBehalfOfPerson?: string): void {
    const office = actor?.offices[0];
    const act = {
      ...body,
      seq: this.acts.length + 1,
      at: this.now,
      ...(actor && office ? { by: { personId: actor.personId, ...office } } : {}),
      ...(onBehalfOfPerson ? { onBehalfOfPerson } : {}),
    };
    this.acts.push(act);
    this.state = fold(this.state, act);
  }

  /** The change is to take effect so many days from now. */
  dated(inDays: number): void {
    if (!this.state.scheduled) this.day = addDays(dateOf(this.now), inDays);
  }

  /** A person asks for a move; true when it was admitted. */
  moves(actor: Actor, move: Move, to: string): boolean {
    if (admissible(this.state, move, actor, this.moment)) return false;
    this.append(personsAct(this.state, move, this.now, to), actor, principalOf(this.state, move, actor));
    return true;
  }

  /** A death is filed beside the request; or, when one holds it already, ends without effect or with it (A16). */
  death(takesEffect: boolean): void {
    const { ending, closed, effected } = this.state;
    if (ending || closed || effected) return;
    if (!isPausedBy(this.state, 'the death')) this.append({ kind: 'held', requestId: 'the death', cause: 'death' });
    else this.append({ kind: takesEffect ? 'superseded' : 'continued', requestId: 'the death' });
  }

  /** A run reads the process acts it has not seen, as the workflow does, and decides what to do. */
  thinks(which: number): Todo {
    const run = this.runs[which % this.runs.length]!;
    const unread = this.acts.filter(({ kind, seq }) => isProcessAct(kind) && seq > run.state.seen);
    run.state = unread.reduce(fold, run.state);
    run.todo = next(run.state, this.agenda, this.now);
    return run.todo;
  }

  /** A run does what it meant to do when it last thought, however long ago; true when an act was appended. */
  performs(which: number): boolean {
    const { todo, state } = this.runs[which % this.runs.length]!;
    if (!todo || todo.do === 'wait' || todo.do === 'end') return false;
    const key = keyOf(todo);
    if (this.fence === 'as performed' && (this.state.closed || this.state.seen > state.seen || this.keys.has(key))) return false;
    const act = this.made(todo);
    if (!act) return false;
    if (act.kind !== 'parked' && act.kind !== 'scheduled') this.keys.add(key);
    this.append(act);
    return true;
  }

  /** What the activity makes of it: nothing when it is to look again later. */
  private made(todo: Doing): ActBody | undefined {
    const { parked, scheduled } = this.state;
    if (todo.do === 'applyChange' && this.day > dateOf(this.now))
      return scheduled ? undefined : { kind: 'scheduled', effectiveOn: this.day };
    if (todo.do === 'applyChange' && this.effectFails)
      return parked?.cause === 'school-closed' ? undefined : { kind: 'parked', what: 'effect', cause: 'school-closed' };
    if (todo.do === 'openTask') {
      const act = actOf(todo, this.state, this.now);
      if (act.kind === 'opened' && this.dead.has(act.holder))
        return parked ? undefined : { kind: 'parked', what: 'step', cause: 'no-living-holder', step: todo.step };
    }
    if ((todo.do === 'remind' || todo.do === 'escalate') && (!taskOf(this.state, todo.item.taskId) || todo.item.at > this.now))
      return undefined;
    return actOf(todo, this.state, this.now);
  }

  /** Everybody does what is asked, causes are cleared, and the process runs undisturbed until the case is closed. */
  goesWell(): void {
    this.dead.clear();
    this.effectFails = false;
    if (isPausedBy(this.state, 'the death')) this.death(false);
    if (isPausedBy(this.state, OPERATOR)) this.moves(operator, { do: 'continue' }, '');
    for (let turn = 0; turn < 200 && !this.state.closed; turn += 1) {
      this.now = Math.max(this.now, takesEffectAt(this.state) ?? 0);
      this.thinks(0);
      if (this.performs(0)) continue;
      const [task] = openTasks(this.state);
      if (!task) continue;
      const { taskId, holder, version, supplement } = task;
      const clerk = clerkOf(holder);
      const willing = supplement ? clerk : reviewerOf(holder, `willing at ${task.step}`);
      if (task.delegation) this.moves({ ...willing, personId: task.delegation.by }, { do: 'withdrawDelegation', taskId }, '');
      if (task.assignee !== undefined || task.claim !== undefined) this.moves(operator, { do: 'reassign', taskId }, willing.personId);
      else if (supplement) this.moves(willing, { do: 'supplement', taskId }, '');
      else this.moves(willing, { do: 'decide', taskId, verdict: 'approve', opinion: '', version }, '');
      const now = taskOf(this.state, taskId);
      if (now?.assignee === willing.personId)
        this.moves(
          willing,
          supplement ? { do: 'supplement', taskId } : { do: 'decide', taskId, verdict: 'approve', opinion: '', version: now.version },
          '',
        );
    }
  }

  /** The state as anybody builds it who begins at the first act. */
  get rebuilt(): CaseState {
    return caseOf(this.acts);
  }
}

/** The key of the act, from which a second run of an activity knows that the first has written (activities/tasks.ts, dossier.ts). */
function keyOf(todo: Doing): string {
  switch (todo.do) {
    case 'openTask':
      return `opened:${todo.step}:${todo.visit}${todo.supplement ? ':supplement' : ''}`;
    case 'remind':
      return `reminded:${todo.item.taskId}:${todo.item.n}`;
    case 'escalate':
      return `escalated:${todo.item.taskId}:${todo.item.n}`;
    case 'applyChange':
      return 'effected';
    case 'close':
      return 'closed';
  }
}
