import type { Act } from '../../src/domain/case/acts.js';
import type { Move } from '../../src/domain/case/admissible.js';
import type { Actor, Office } from '../../src/domain/offices.js';
import type { Route } from '../../src/domain/procedure/procedure.js';

/**
 * Who may do what, told a second time: from the acts alone, by searching them for each question, without the fold and without the judge.
 * The tests hold `admissible` against it.
 */
export class Allowed {
  constructor(
    private readonly route: Route,
    private readonly acts: readonly Act[],
    private readonly now: number,
  ) {}

  may(move: Move, actor: Actor): boolean {
    if (this.over) return false;
    switch (move.do) {
      case 'cancel':
      case 'pause':
      case 'continue':
      case 'retry':
      case 'extend':
      case 'redirect':
        return this.is(actor, 'operator') && !this.acts.some(({ kind }) => kind === 'effected') && this.operator(move);
      case 'recall':
        return this.filer(actor) && (!this.allApproved || this.parked || this.waits);
      case 'comment':
        return actor.offices.length > 0;
      case 'object':
        return this.filer(actor) || this.atStudentsSchool(actor);
      case 'copy':
        return this.filer(actor) || this.open.some((task) => this.sits(task, actor));
      case 'urge':
        return !this.holders.length && (move.taskId === undefined ? this.filer(actor) : this.above(this.task(move.taskId), actor));
      case 'retract':
        return !this.holders.length && this.retractable(move.taskId, actor);
      case 'answerConsultation':
        return false;
      default:
        return !this.holders.length && this.onTask(move, actor);
    }
  }

  private onTask(
    move: Extract<
      Move,
      {
        do:
          | 'decide'
          | 'supplement'
          | 'claim'
          | 'release'
          | 'reassign'
          | 'delegate'
          | 'answerDelegation'
          | 'withdrawDelegation'
          | 'consult'
          | 'answerUrge';
      }
    >,
    actor: Actor,
  ): boolean {
    const task = this.task(move.taskId);
    if (!task) return false;
    const delegation = this.delegation(task);
    switch (move.do) {
      case 'supplement':
        return task.supplement === true && this.sits(task, actor) && this.forIt(task, actor) && this.unclaimed(task, actor);
      case 'claim':
        return (
          this.sits(task, actor) && this.forIt(task, actor) && this.apart(task, ...this.persons(task, actor)) && this.unclaimed(task, actor)
        );
      case 'release':
        return this.claimant(task) !== undefined && this.unclaimed(task, actor);
      case 'reassign':
        return ((this.sits(task, actor) && this.unclaimed(task, actor)) || this.overrules(task, actor)) && this.apart(task, move.to ?? '');
      case 'answerUrge':
        return this.sits(task, actor);
      case 'consult':
        return task.supplement !== true && this.free(task, actor);
      case 'delegate':
        if (this.persons(task, actor).includes(move.to ?? '')) return false;
        return task.supplement !== true && !delegation && this.free(task, actor) && this.apart(task, move.to ?? '');
      case 'answerDelegation':
        return this.sits(task, actor) && this.persons(task, actor).includes(delegation?.to ?? '');
      case 'withdrawDelegation':
        return delegation !== undefined && this.sits(task, actor) && this.persons(task, actor).includes(nameOf(delegation) ?? '');
      case 'decide':
        return this.decides(task, move, actor);
    }
  }

  private decides(task: Opened, move: Extract<Move, { do: 'decide' }>, actor: Actor): boolean {
    if (task.supplement === true || move.version !== this.version(task)) return false;
    if (move.verdict !== 'approve' && (move.opinion.trim() === '' || this.asksRuling(task.step))) return false;
    const before = this.route.steps.filter(({ stage }) => stage < this.stage(task.step)).map(({ id }) => id);
    if (move.to !== undefined && !before.includes(move.to)) return false;
    if (move.verdict === 'return' && this.returns(task.step) > 0) return this.supervises(task, actor) && this.apart(task, actor.personId);
    return this.free(task, actor) && !this.delegation(task);
  }

  private operator(move: Move): boolean {
    switch (move.do) {
      case 'pause':
        return !this.holders.includes('operator');
      case 'continue':
        return this.holders.includes('operator');
      case 'extend':
        return this.task(move.taskId) !== undefined;
      case 'retry':
        return this.parked;
      case 'redirect':
        return this.route.steps.some(({ id }) => id === move.step) && !this.approved(move.step) && this.decidesNow(move.step) !== move.to;
      default:
        return true;
    }
  }

  /** The own last decision, while no task that came of it is claimed, delegated or decided, and nothing was handed in. */
  private retractable(taskId: string, actor: Actor): boolean {
    const decided = this.acts.find((act): act is Decided => act.kind === 'decided' && act.taskId === taskId);
    const task = decided && this.openedAs(taskId);
    if (!decided || !task || decided.verdict === 'reject' || decided.to !== undefined || this.allApproved) return false;
    if (![decided.by?.personId, decided.onBehalfOfPerson].includes(actor.personId)) return false;
    const standsIn = actor.proxies?.some(
      (one) => one.office === task.office && one.organisationId === task.holder && one.principalId === decided.onBehalfOfPerson,
    );
    if (!this.is(actor, task.office, task.holder) && !standsIn) return false;
    const since = this.acts.filter(({ seq }) => seq > decided.seq);
    const undone = since.some(
      (act) =>
        (act.kind === 'retracted' && (act.step === decided.step || this.stage(act.step) < this.stage(decided.step))) ||
        (act.kind === 'supplemented' && act.step === decided.step) ||
        (act.kind === 'decided' && act.step === decided.step) ||
        (act.kind === 'decided' &&
          act.to !== undefined &&
          this.stage(act.to) <= this.stage(decided.step) &&
          this.resets(act.to, decided.step)),
    );
    if (undone) return false;
    if (since.some((act) => act.kind === 'decided' && this.stage(act.step) > this.stage(decided.step) && !this.takenBack(act)))
      return false;
    const touched = this.open.filter(({ step }) => step === decided.step || this.stage(step) > this.stage(decided.step));
    return !touched.some((one) => this.claimant(one) !== undefined || (one.step !== decided.step && this.delegation(one) !== undefined));
  }

  private readonly takenBack = ({ taskId }: Decided): boolean => this.acts.some((act) => act.kind === 'retracted' && act.taskId === taskId);

  private readonly resets = (to: string, step: string): boolean => to === step || this.stage(to) < this.stage(step);

  /** A step stands approved when its last decision approves and nothing has sent the case back past it. */
  private approved(id: string): boolean {
    const last = this.acts.findLast((act): act is Decided => act.kind === 'decided' && act.step === id);
    if (last?.verdict !== 'approve') return false;
    return !this.acts.some(
      (act) =>
        act.seq > last.seq &&
        ((act.kind === 'retracted' && this.resets(act.step, id)) ||
          (act.kind === 'decided' && act.to !== undefined && this.resets(act.to, id))),
    );
  }

  private get allApproved(): boolean {
    return this.route.steps.every(({ id }) => this.approved(id));
  }

  /** Approved, and its day has not come. */
  private get waits(): boolean {
    return this.acts.some((act) => act.kind === 'scheduled' && Date.parse(`${act.effectiveOn}T00:00:00+08:00`) > this.now);
  }

  private get over(): boolean {
    return this.acts.some(
      (act) => ['recalled', 'cancelled', 'superseded', 'closed'].includes(act.kind) || (act.kind === 'decided' && act.verdict === 'reject'),
    );
  }

  private get holders(): string[] {
    const named = (act: { requestId?: string }) => act.requestId ?? 'operator';
    return this.acts.reduce<string[]>((by, act) => {
      if (act.kind === 'held') return [...by, named(act)];
      return act.kind === 'continued' ? by.filter((one) => one !== named(act)) : by;
    }, []);
  }

  private get parked(): boolean {
    const last = this.acts.findLastIndex(({ kind }) => kind === 'parked');
    const act = this.acts[last];
    if (act?.kind !== 'parked') return false;
    return !this.acts
      .slice(last + 1)
      .some(
        (later) =>
          later.kind === 'retried' ||
          later.kind === 'effected' ||
          ((later.kind === 'opened' || later.kind === 'redirected') && later.step === act.step),
      );
  }

  private get open(): Opened[] {
    return this.acts.filter((act): act is Opened => act.kind === 'opened' && !this.taken(act));
  }

  /** Whether an opened task was decided, handed in or taken back since. */
  private taken(task: Opened): boolean {
    return this.acts.some((act) => {
      if (act.seq <= task.seq) return false;
      if (act.kind === 'decided' && act.to !== undefined && this.resets(act.to, task.step)) return true;
      if (act.kind === 'decided' || act.kind === 'supplemented') return act.taskId === task.taskId;
      if (act.kind === 'retracted') return this.resets(act.step, task.step);
      if (act.kind === 'redirected') return act.step === task.step && task.supplement !== true;
      return act.kind === 'held';
    });
  }

  private readonly task = (id = ''): Opened | undefined => this.open.find(({ taskId }) => taskId === id);
  private readonly openedAs = (id: string) => this.acts.find((act): act is Opened => act.kind === 'opened' && act.taskId === id);
  private readonly stage = (id: string): number => this.route.steps.find((step) => step.id === id)?.stage ?? Infinity;

  private decidesNow(id: string): string | undefined {
    const task = this.open.find((one) => one.step === id && one.supplement !== true);
    const redirected = this.acts.findLast((act) => act.kind === 'redirected' && act.step === id);
    return (
      task?.holder ?? (redirected?.kind === 'redirected' ? redirected.to : this.route.steps.find((step) => step.id === id)?.organisationId)
    );
  }

  private readonly about = (task: Opened) =>
    this.acts.filter((act): act is AboutTask => 'taskId' in act && act.taskId === task.taskId && act.seq > task.seq);

  private version(task: Opened): number {
    const supplemented = this.acts.filter((act) => act.kind === 'supplemented' && act.seq > task.seq && act.taskId !== task.taskId);
    return 1 + this.about(task).filter(({ kind }) => kind === 'reassigned').length + supplemented.length;
  }

  private lastClaimant(task: Opened): string | undefined {
    const last = this.about(task).findLast(({ kind }) => ['claimed', 'released', 'reassigned', 'delegated'].includes(kind));
    return last?.kind === 'claimed' ? nameOf(last) : undefined;
  }

  private claimant(task: Opened): string | undefined {
    const last = this.about(task).findLast(({ kind }) => ['claimed', 'released', 'reassigned', 'delegated'].includes(kind));
    return last?.kind === 'claimed' && endOf(last.at, last.workingDays ?? 0) > this.now ? nameOf(last) : undefined;
  }

  private assignee(task: Opened): string | undefined {
    const last = this.about(task).findLast(({ kind }) => kind === 'reassigned' || kind === 'delegated');
    return last?.kind === 'reassigned' ? last.to : last && nameOf(last);
  }

  private delegation(task: Opened) {
    const last = this.about(task).findLast(({ kind }) => ['delegated', 'delegationEnded', 'reassigned'].includes(kind));
    return last?.kind === 'delegated' ? last : undefined;
  }

  private returns(step: string): number {
    const returned = this.acts.filter((act): act is Decided => act.kind === 'decided' && act.step === step && act.verdict === 'return');
    const undone = this.acts.filter((act) => act.kind === 'retracted' && returned.some(({ taskId }) => taskId === act.taskId));
    return returned.length - undone.length;
  }

  private readonly is = ({ offices }: Actor, office: Office, at?: string): boolean =>
    offices.some((held) => held.office === office && (at === undefined || held.organisationId === at));
  /** Nobody has filed a ruling. */
  private readonly filer = (actor: Actor) =>
    this.route.kind !== 'duplicateRuling' &&
    (['schoolClerk', 'authoritySupervisor'] as const).some((office) => this.is(actor, office, this.route.filer.organisationId));
  private readonly atStudentsSchool = (actor: Actor) =>
    (['schoolClerk', 'schoolReviewer', 'authoritySupervisor'] as const).some((office) =>
      this.is(actor, office, this.route.parties.school ?? this.route.parties.sourceSchool ?? 'nowhere'),
    );
  private readonly absent = ({ office, holder }: Opened, actor: Actor): string[] =>
    (actor.proxies ?? []).filter((one) => one.office === office && one.organisationId === holder).map(({ principalId }) => principalId);

  /** For whom the actor acts on the task: whom it names; who holds its office acts for nobody else; else for whom nothing bars it. */
  private principal(task: Opened, actor: Actor): string | undefined {
    const absent = this.absent(task, actor);
    const own = this.is(actor, task.office, task.holder);
    const { assignee, delegate } = { assignee: this.assignee(task), delegate: this.delegation(task)?.to };
    if (own && (assignee === actor.personId || delegate === actor.personId)) return undefined;
    for (const name of [assignee, delegate, ...(own ? [] : [this.lastClaimant(task)])])
      if (name !== undefined && absent.includes(name)) return name;
    return own ? undefined : (absent.find((id) => this.apart(task, id)) ?? absent[0]);
  }

  private readonly persons = (task: Opened, actor: Actor): string[] =>
    [actor.personId, this.principal(task, actor)].filter((id) => id !== undefined);
  private readonly sits = (task: Opened, actor: Actor): boolean =>
    this.is(actor, task.office, task.holder) || this.principal(task, actor) !== undefined;
  private readonly supervises = (task: Opened, actor: Actor): boolean =>
    [task.holder, task.ladder[0]].some((at) => at !== undefined && this.is(actor, 'authoritySupervisor', at));

  private above(task: Opened | undefined, actor: Actor): boolean {
    const told = task && this.about(task).flatMap((act) => (act.kind === 'escalated' ? [act.to] : []));
    return told?.some((at) => this.is(actor, 'authoritySupervisor', at)) === true;
  }

  private readonly asksRuling = (id = ''): boolean => this.route.steps.some((step) => step.id === id && step.asks === 'ruling');
  private readonly overrules = (task: Opened, actor: Actor): boolean =>
    this.above(task, actor) || this.is(actor, 'authoritySupervisor', task.holder) || this.is(actor, 'operator');

  private forIt(task: Opened, actor: Actor): boolean {
    const assignee = this.assignee(task);
    return assignee === undefined || this.persons(task, actor).includes(assignee);
  }

  private unclaimed(task: Opened, actor: Actor): boolean {
    const claimant = this.claimant(task);
    return claimant === undefined || [actor.personId, ...this.absent(task, actor)].includes(claimant);
  }

  /** Neither who filed it nor who decided another step, in person or through a proxy. */
  private apart(task: Opened, ...persons: readonly string[]): boolean {
    if (task.supplement === true) return true;
    const decided = this.acts.filter((act): act is Decided => act.kind === 'decided' && act.step !== task.step);
    const others = decided.flatMap((act) => [act.by?.personId, act.onBehalfOfPerson]);
    return !persons.some((id) => id === this.route.filer.personId || others.includes(id));
  }

  private readonly free = (task: Opened, actor: Actor): boolean =>
    this.sits(task, actor) && this.apart(task, ...this.persons(task, actor)) && this.forIt(task, actor) && this.unclaimed(task, actor);
}

const DAY = 86_400_000;
/** The midnight in Shanghai after so many weekdays behind an instant's day: no holiday falls into these stories. */
function endOf(at: number, weekdays: number): number {
  let day = Math.floor((at + DAY / 3) / DAY); // of day 0, a Thursday
  for (let left = weekdays; left > 0; left -= ((day + 4) % 7) % 6 > 0 ? 1 : 0) day += 1;
  return (day + 1) * DAY - DAY / 3;
}

/** In whose name it was done: the absent person's, where a proxy acted. */
const nameOf = ({ by, onBehalfOfPerson }: Act): string | undefined => onBehalfOfPerson ?? by?.personId;

type Opened = Extract<Act, { kind: 'opened' }>;
type Decided = Extract<Act, { kind: 'decided' }>;
type AboutTask = Extract<Act, { kind: 'claimed' | 'released' | 'reassigned' | 'delegated' | 'delegationEnded' | 'escalated' }>;
