/** An act as it stands in the ledger; `body` holds ids and codes. */
export interface Told {
  readonly seq: number;
  readonly kind: string;
  readonly at: number;
  readonly personId: string | null;
  readonly office: string | null;
  readonly organisationId: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Task {
  readonly id: string;
  readonly step: string;
  readonly supplement: boolean;
  readonly holder: string;
  readonly office: string;
  readonly ladder: readonly string[];
  version: number;
  assignee?: string;
  delegation?: { to: string; by: string };
  claim?: { by: string; until: number };
  readonly sawIt: string[];
  urgesToAnswer: number;
}

interface Decision {
  readonly taskId: string;
  readonly seq: number;
  readonly verdict: string;
  readonly by: string;
  readonly absent?: string;
  readonly holder: string;
  readonly office: string;
}

export interface Step {
  readonly id: string;
  readonly stage: number;
  readonly asks?: string;
  decidesAt: string;
  readonly office: string;
  is: 'toCome' | 'approved' | 'returned' | 'rejected';
  task?: Task;
  decision?: Decision;
  returns: number;
  readonly deciders: string[];
}

export interface Opinion {
  readonly id: string;
  readonly taskId: string;
  readonly asked: string;
  readonly asking: string;
  answered: boolean;
}

/**
 * Where a case stands, told a second time: from the acts in its ledger, one after the other, without the product's fold. What the
 * process is still to do (open a step, close) it does not foresee.
 */
export class Standing {
  readonly steps: Step[] = [];
  readonly opinions: Opinion[] = [];
  readonly seenBy: Set<string>;
  readonly holds = new Set<string>();
  readonly taskIds: string[] = [];
  kind = '';
  filer = { id: '', at: '' };
  /** The student's school, which lets the student go. */
  school = '';
  over = false;
  parked = false;
  urgedOn: { by: string | null; at: number }[] = [];

  /** `workedDays`: every working day, 'YYYY-MM-DD', by which a claim lapses. */
  constructor(
    acts: readonly Told[],
    seenBy: readonly string[],
    private readonly workedDays: readonly string[],
  ) {
    this.seenBy = new Set(seenBy);
    for (const act of acts) this.after(act, act.body as Record<string, string>);
  }

  get open(): Task[] {
    return this.steps.flatMap(({ task }) => task ?? []);
  }
  readonly task = (id: string): Task | undefined => this.open.find((one) => one.id === id);
  readonly stepOf = (id: string): Step => this.steps.find((one) => one.id === id) as Step;
  readonly later = ({ stage }: Step): Step[] => this.steps.filter((one) => one.stage > stage);
  readonly earlier = ({ stage }: Step): Step[] => this.steps.filter((one) => one.stage < stage);
  get allApproved(): boolean {
    return this.steps.every(({ is }) => is === 'approved');
  }

  private after(act: Told, body: Readonly<Record<string, string>>): void {
    const task = this.task(body.taskId ?? '');
    const name = body.onBehalfOfPerson ?? act.personId ?? '';
    switch (act.kind) {
      case 'filed':
        return this.filed(act);
      case 'opened':
        return this.opened(act.body as never);
      case 'decided':
        return this.decided(act, this.stepOf(body.step as string), task as Task);
      case 'supplemented':
        return this.supplemented(this.stepOf(body.step as string));
      case 'retracted':
        return this.retracted(this.stepOf(body.step as string));
      case 'redirected':
        return this.redirected(this.stepOf(body.step as string), body.to as string);
      case 'held':
        this.holds.add(body.requestId ?? 'operator');
        return void this.takenBack(this.steps);
      case 'continued':
        return void this.holds.delete(body.requestId ?? 'operator');
      case 'recalled':
      case 'cancelled':
      case 'closed':
        this.over = true;
        return this.takenBack(this.steps);
      case 'reassigned':
        return void Object.assign(task!, { assignee: body.to, claim: undefined, delegation: undefined, version: task!.version + 1 });
      case 'claimed':
        return void Object.assign(task!, { claim: { by: name, until: this.endOf(act.at, act.body.workingDays as number) } });
      case 'released':
        return void Object.assign(task!, { claim: undefined });
      case 'delegated':
        return void Object.assign(task!, { assignee: name, claim: undefined, delegation: { to: body.to, by: name } });
      case 'delegationEnded':
        return void Object.assign(task!, { delegation: undefined });
      case 'escalated':
        return void task?.sawIt.push(body.to as string);
      case 'urged':
        if (!task) this.urgedOn.push({ by: act.personId, at: act.at });
        else if (body.answerBy) task.urgesToAnswer += 1;
        return;
      case 'urgeAnswered':
        task!.urgesToAnswer -= 1;
        return;
      case 'consulted':
        this.seenBy.add(body.organisationId as string);
        this.opinions.push({
          id: body.consultationId as string,
          taskId: task!.id,
          asked: body.organisationId as string,
          asking: task!.holder,
          answered: false,
        });
        return;
      case 'consultationAnswered':
        return void Object.assign(
          this.opinions.find(({ id }) => id === body.consultationId)!,
          { answered: true },
        );
      case 'copied':
        return void this.seenBy.add(body.to as string);
      case 'parked':
        this.parked = true;
        return;
      case 'retried':
        this.parked = false;
        return;
    }
  }

  /** The midnight in Shanghai after so many worked days behind an instant's day. */
  private endOf(at: number, workingDays: number): number {
    const today = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
    const last = this.workedDays.filter((day) => day > today)[workingDays - 1];
    return Date.parse(`${last}T00:00:00+08:00`) + 24 * 3_600_000;
  }

  private filed({ personId, organisationId, body }: Told): void {
    const route = body.route as {
      kind: string;
      parties: { school?: string; sourceSchool?: string };
      steps: { id: string; stage: number; organisationId: string; office: string; asks?: string }[];
    };
    this.kind = route.kind;
    this.filer = { id: personId ?? '', at: organisationId ?? '' };
    this.school = route.parties.school ?? route.parties.sourceSchool ?? '';
    for (const { id, stage, organisationId: decidesAt, office, asks } of route.steps)
      this.steps.push({ id, stage, asks, decidesAt, office, is: 'toCome', returns: 0, deciders: [] });
  }

  private opened(body: {
    taskId: string;
    step: string;
    supplement?: boolean;
    holder: string;
    office: string;
    ladder: readonly string[];
  }): void {
    const { taskId: id, step, supplement = false, holder, office, ladder } = body;
    for (const organisation of [holder, ...ladder]) this.seenBy.add(organisation);
    this.taskIds.push(id);
    this.parked = false;
    this.stepOf(step).task = { id, step, supplement, holder, office, ladder, version: 1, sawIt: [], urgesToAnswer: 0 };
  }

  private decided({ seq, personId, body }: Told, step: Step, { id: taskId, holder, office }: Task): void {
    const { verdict, to, onBehalfOfPerson: absent } = body as { verdict: string; to?: string; onBehalfOfPerson?: string };
    step.deciders.push(personId ?? '', ...(absent ? [absent] : []));
    step.decision = { taskId, seq, verdict, by: personId ?? '', absent, holder, office };
    step.task = undefined;
    step.is = verdict === 'approve' ? 'approved' : verdict === 'return' ? 'returned' : 'rejected';
    step.returns += verdict === 'return' ? 1 : 0;
    if (verdict === 'reject') {
      this.over = true;
      this.takenBack(this.steps);
    }
    if (to !== undefined) this.anew([this.stepOf(to), ...this.later(this.stepOf(to))]);
  }

  /** What others have read of the case is no longer all there is. */
  private supplemented(step: Step): void {
    Object.assign(step, { task: undefined, is: 'toCome' });
    for (const task of this.open) task.version += 1;
  }

  private retracted(step: Step): void {
    if (step.decision?.verdict === 'return') step.returns -= 1;
    step.decision = undefined;
    this.anew([step, ...this.later(step)]);
  }

  private redirected(step: Step, to: string): void {
    if (step.task && !step.task.supplement) step.task = undefined;
    step.decidesAt = to;
    this.seenBy.add(to);
  }

  private anew(steps: readonly Step[]): void {
    for (const step of steps) Object.assign(step, { task: undefined, is: 'toCome' });
  }
  private takenBack(steps: readonly Step[]): void {
    for (const step of steps) step.task = undefined;
  }
}
