import { randomUUID } from 'node:crypto';
import { addDays } from '../../../src/domain/working-days.js';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { Chance } from '../../../src/demo/chance.js';
import { ByHand } from '../../fixtures/by-hand.js';
import { asOwner } from '../../fixtures/owner.js';
import { as, type Answer } from '../../fixtures/client.js';
import type { Begun, Scene } from './cases.js';
import type { Person } from './cast.js';
import { DUTIES, holderNow, refusalOf, standsFor, type Ask } from './duties.js';
import { Standing, type Told } from './standing.js';
import { inWords, same, workedDays } from './told.js';

/** One call of an endpoint by somebody, ready to be sent again and again. */
interface Asked {
  readonly endpoint: string;
  readonly ask: Ask;
  readonly send: () => Promise<Answer>;
}

/** A case that is carried from standing to standing; at each of them everybody asks for everything. */
export class Walk {
  private readonly process: ByHand;

  private constructor(
    private readonly scene: Scene,
    private readonly chance: Chance,
    private readonly begun: Begun,
    private readonly workedDays: readonly string[],
    private readonly eager: boolean,
  ) {
    this.process = new ByHand(scene.system);
  }

  /** Who is eager decides whatever can be decided before anything else is done, and never ends a case in another way. */
  static async of(scene: Scene, begun: Begun, seed: number, eager = false): Promise<Walk> {
    return new Walk(scene, new Chance(seed), begun, await workedDays(scene.system), eager);
  }

  /** The case goes on a little; then everybody asks for everything, and one of those who may does it. */
  async turn(): Promise<void> {
    for (let moves = this.chance.below(5); moves > 0; moves -= 1) {
      await this.timePasses();
      const standing = await this.standing();
      await this.done(this.admitted(this.asked(standing)));
    }
    await this.timePasses();
    const standing = await this.standing();
    this.scene.seen.standings.add(inWords(standing));
    const asked = this.asked(standing);
    const before = await this.acts();
    await this.probed(asked);
    same((await this.acts()).length, before.length, 'acts after everybody has asked', inWords(standing));
    await this.done(this.admitted(asked));
  }

  /** And the process does its part, unless it is down. */
  private async timePasses(): Promise<void> {
    const {
      chance,
      scene: { system },
    } = this;
    await system.time.pass(chance.pick([0, 0, 0, 0, 1, 5, 24, 72, 12 * 24, 20 * 24]) * 3_600_000);
    if (chance.below(8) > 0) await this.process.settle(this.begun.story.id);
  }

  /** The request ends, so that the student is free again and no open request is left. */
  async ends(): Promise<void> {
    const operator = await as(this.scene.system, 'operator');
    await operator.post(`/change-requests/${this.begun.story.id}/cancellation`, { reason: '结束' });
    await this.process.settle(this.begun.story.id);
  }

  private async acts(): Promise<Told[]> {
    const rows = await inScope(this.scene.system.db, 'system', (tx) =>
      tx.query<(Omit<Told, 'at'> & { at: Date })[]>(
        `select seq, kind, at, person_id as "personId", office, organisation_id as "organisationId", body from act where stream_id = $1
          order by seq`,
        [this.begun.story.id],
      ),
    );
    return rows.map((row) => ({ ...row, at: row.at.getTime() }));
  }

  private async standing(): Promise<Standing> {
    const seenBy = this.begun.about.flatMap((at) => [at, ...this.scene.demo.superiors(at)]).map(({ id }) => id);
    return new Standing(await this.acts(), seenBy, this.workedDays);
  }

  /** Some of the people, each with every endpoint, on one of the tasks and opinions that are or were. */
  private asked(standing: Standing): Asked[] {
    const {
      chance,
      scene: { cast },
    } = this;
    const near = cast.filter((one) => isNear(one, standing));
    const callers = new Set(cast.filter((one) => isNamed(one, standing)));
    while (callers.size < Math.min(6, near.length)) callers.add(chance.pick(near));
    for (let others = 3; others > 0; others -= 1) callers.add(chance.pick(cast));
    return [...callers].flatMap((caller) => Object.keys(DUTIES).map((endpoint) => this.asking(endpoint, caller, standing)));
  }

  private readonly admitted = (asked: readonly Asked[]): Asked[] => asked.filter(({ endpoint, ask }) => !refusalOf(endpoint, ask));

  private asking(endpoint: string, caller: Person, standing: Standing): Asked {
    const { chance } = this;
    const open = standing.open.length > 0 && chance.below(5) > 0 && !endpoint.endsWith('retraction');
    const task = open ? chance.pick(standing.open).id : undefined;
    const taskId = task ?? (standing.taskIds.length > 0 ? chance.pick(standing.taskIds) : randomUUID());
    const opinionId = standing.opinions.length > 0 ? chance.pick(standing.opinions).id : randomUUID();
    const body = this.bodyOf(endpoint, standing, taskId);
    const ids: Record<string, string> = { 'change-requests': this.begun.story.id, tasks: taskId, consultations: opinionId };
    const [collection = ''] = endpoint.split('/');
    const path = `/${endpoint.replace('{id}', ids[collection] ?? '')}`;
    const ask = { case: standing, caller, now: this.scene.system.time.now(), taskId, opinionId, body, ...this.directory };
    return { endpoint, ask, send: () => caller.client.post(path, body) };
  }

  private bodyOf(endpoint: string, standing: Standing, taskId: string): Record<string, unknown> {
    const {
      chance,
      scene: { places, cast },
    } = this;
    const task = standing.task(taskId);
    const rules = task && standing.stepOf(task.step).asks === 'ruling';
    const step = chance.pick([...standing.steps.map(({ id }) => id), 'nowhere']);
    const [verdict, opinion] = chance.pick([
      ['approve', ''],
      ['approve', '同意'],
      ['reject', '不符'],
      ['reject', ' '],
      ['return', '缺材料'],
      ['return', ''],
    ]) as [string, string];
    const someone = () => chance.pick(cast).id;
    const colleague = () => {
      const held = cast.filter(({ offices }) => offices.some((one) => one.organisationId === task?.holder && one.office === task.office));
      return held.length > 0 && chance.below(4) > 0 ? chance.pick(held).id : someone();
    };
    const organisation = () => chance.pick([places.elsewhere.parentId, places.elsewhere.id, places.source.id, places.destination.parentId]);
    const today = this.scene.system.time.today();
    const bodies: Record<string, () => Record<string, unknown>> = {
      supplement: () => ({ evidenceIds: [], note: '已补' }),
      comments: () => ({ comment: '请留意', mentions: chance.below(2) > 0 ? [] : [someone()] }),
      objections: () => ({ objector: 'guardian', objection: '不同意' }),
      copies: () => ({ to: organisation(), reason: '供参考' }),
      pause: () => ({ cause: 'courtOrder', reason: '裁定' }),
      deadline: () => ({ taskId, workingDays: 3, reason: '延期' }),
      reroute: () => ({ step, to: organisation(), reason: '回避' }),
      reassignment: () => ({ to: colleague(), reason: '转办' }),
      delegation: () => ({ to: colleague(), question: '请核对' }),
      consultations: () => ({ organisationId: organisation(), question: '属实否', dueDate: addDays(today, 2) }),
      decision: () => ({
        verdict,
        opinion,
        version: (task?.version ?? 1) + (chance.below(6) > 0 ? 0 : 1),
        ...(chance.below(4) > 0 ? {} : { to: step }),
        ...(rules && verdict === 'approve' ? { data: { ruling: 'twoPersons' } } : {}),
      }),
    };
    const what = endpoint.slice(endpoint.indexOf('}/') + 2);
    if (what === 'urge' && endpoint.startsWith('tasks')) return { answerBy: addDays(today, 3) };
    if (what.endsWith('/answer') || what === 'answer') return { answer: '属实' };
    return bodies[what]?.() ?? { reason: '按规定' };
  }

  private get directory() {
    const { cast, demo } = this.scene;
    const enabled = cast.filter(({ disabled }) => !disabled);
    const anybody = (office: string, at: string) =>
      enabled.some(({ offices }) => offices.some((one) => one.office === office && one.organisationId === at));
    return {
      holdsOffice: (personId: string, office: string, at: string) =>
        enabled.some(({ id, offices }) => id === personId && offices.some((one) => one.office === office && one.organisationId === at)),
      officeIsHeld: anybody,
      reviews: (at: string) => ['schoolReviewer', 'authorityReviewer', 'authoritySupervisor'].some((office) => anybody(office, at)),
      isAuthority: (id: string) => demo.organisations.get(id)?.level !== 'school',
      organisationsOf: (personId: string) =>
        (enabled.find(({ id }) => id === personId)?.offices ?? []).flatMap(({ office, organisationId }) =>
          office === 'orgAdmin' ? [] : [organisationId],
        ),
    };
  }

  /**
   * Each is sent while the ledger takes nothing (its disk is full): what nothing stands against is answered 507 and leaves no trace, and
   * all others are refused as the duties say. A decision is asked for in a batch too, tried out and in earnest.
   */
  private async probed(asked: readonly Asked[]): Promise<void> {
    await asOwner(this.scene.system, 'insert into ledger_is_full values (true)');
    try {
      for (let from = 0; from < asked.length; from += 12) await Promise.all(asked.slice(from, from + 12).map((one) => this.compared(one)));
    } finally {
      await asOwner(this.scene.system, 'delete from ledger_is_full');
    }
  }

  private async compared({ endpoint, ask, send }: Asked): Promise<void> {
    const refused = refusalOf(endpoint, ask);
    const [status, code] = refused ?? [507, 'storage-full'];
    same([await send()].map(({ status, body }) => [status, body.code])[0], [status, code], endpoint, ask);
    if (refused) this.scene.seen.refused.set(endpoint, (this.scene.seen.refused.get(endpoint) ?? new Set<string>()).add(code));
    else {
      same(this.scene.declared.admits(endpoint, ask.caller), true, 'the route declares an office of who may', { endpoint, ask });
      this.scene.seen.admitted.set(endpoint, (this.scene.seen.admitted.get(endpoint) ?? 0) + 1);
    }
    if (endpoint === 'tasks/{id}/decision') await this.inABatch(ask, refused);
    if (endpoint === 'change-requests/{id}/reroute' && !ask.case.over) await this.ofAll(ask, refused);
  }

  /** The step of all requests that its holder has: this one alone is open. */
  private async ofAll({ caller, case: standing, body, taskId: _, ...ask }: Ask, refused: ReturnType<typeof refusalOf>): Promise<void> {
    const step = standing.steps.find(({ id }) => id === body.step);
    const from = step && holderNow(step);
    const answer = await caller.client.post<Batch>('/operations/reroutes', { ...body, from: from ?? this.scene.places.elsewhere.id });
    const [status, code] = [answer.status, (answer.body as { code?: string }).code];
    const of = { caller, body, ask };
    if (caller.disabled) return same([status, code], refused, 'operations/reroutes', of);
    if (!caller.offices.some(({ office }) => office === 'operator'))
      return same([status, code], [403, 'not-your-office'], 'operations/reroutes', of);
    if (!step || step.is === 'approved') return same(answer.body.items, [], 'operations/reroutes', of);
    same(
      answer.body.items?.map((item) => [item.requestId, item.status, item.problem?.code]),
      [[this.begun.story.id, ...(refused ?? [507, 'storage-full'])]],
      'reroutes',
      of,
    );
  }

  private async inABatch({ caller, taskId, body }: Ask, refused: ReturnType<typeof refusalOf>): Promise<void> {
    const items = [{ taskId, ...body }];
    const ask = (dryRun: boolean) => caller.client.post<Batch>('/tasks/decisions', { items, dryRun });
    const [tried, sent] = [await ask(true), await ask(false)];
    const item = ({ body: answer }: Answer<Batch>) => [answer.items?.[0]?.status, answer.items?.[0]?.problem?.code];
    const whole = ({ status, body: answer }: Answer<Batch>) => [status, (answer as { code?: string }).code];
    if (caller.disabled) return same([whole(tried), whole(sent)], [refused, refused], 'tasks/decisions', { caller, body });
    const expected = refused ?? [200, undefined];
    same(item(tried), expected, 'tasks/decisions, tried out', { caller, body });
    same(item(sent), refused ?? [507, 'storage-full'], 'tasks/decisions', { caller, body });
  }

  /** One of those who may does it: one act more, theirs, in the timeline; a note moves nothing, and no other case gets an act. */
  private async done(admitted: readonly Asked[]): Promise<void> {
    const chosen = this.chosen(admitted);
    if (!chosen) return;
    const { endpoint, ask, send } = chosen;
    const [before, shown, all] = [await this.acts(), await this.shown(), await this.countOfActs()];
    const answer = await send();
    same(Math.floor(answer.status / 100), 2, endpoint, { ask, answer: answer.body });
    const after = await this.acts();
    const act = after.at(-1) as Told;
    same([after.length, await this.countOfActs()], [before.length + 1, all + 1], `acts after ${endpoint}`, ask);
    const absent = standsFor(endpoint, ask);
    same(
      [act.kind, act.personId, endpoint.startsWith('change-requests') ? undefined : act.body.onBehalfOfPerson],
      [DUTIES[endpoint]?.act, ask.caller.id, absent],
      `the act of ${endpoint}`,
      ask,
    );
    this.mustBeInOffice(act, ask.caller);
    await this.mustBeTold(act, shown);
    this.scene.seen.done.set(endpoint, (this.scene.seen.done.get(endpoint) ?? 0) + 1);
  }

  /** Ends are rare, or most walks would be over at once; what was done least is done first. */
  private chosen(admitted: readonly Asked[]): Asked | undefined {
    const ends = ({ endpoint, ask }: Asked) =>
      /recall|cancellation$/.test(endpoint) || (endpoint.endsWith('decision') && ask.body.verdict === 'reject');
    const pauses = ({ endpoint }: Asked) => endpoint.endsWith('pause');
    const mayEnd = !this.eager && this.chance.below(40) === 0;
    const wanted = admitted.filter((one) => (!ends(one) || mayEnd) && (!pauses(one) || this.chance.below(4) === 0));
    const often = (endpoint: string) => this.scene.seen.done.get(endpoint) ?? 0;
    // An answer to an urge needs the most to come together: an overdue task, its superior, a day, and its holder.
    const answer = ['tasks/{id}/urge/answer', 'tasks/{id}/urge'].flatMap((one) => wanted.filter(({ endpoint }) => endpoint === one));
    if (answer[0] && often('tasks/{id}/urge/answer') === 0) return answer[0];
    const decisions = wanted.filter(({ endpoint }) => endpoint === 'tasks/{id}/decision');
    if (decisions.length > 0 && (this.eager || this.chance.below(5) < 2)) return this.chance.pick(decisions);
    const rare = [...new Set(wanted.map(({ endpoint }) => endpoint))].sort((a, b) => often(a) - often(b)).slice(0, 3);
    const these = wanted.filter(({ endpoint }) => rare.includes(endpoint));
    return these.length > 0 ? this.chance.pick(these) : undefined;
  }

  /** Signed in an office that the person holds, or that of the absent person who is on record beside. */
  private mustBeInOffice({ office, organisationId, body }: Told, caller: Person): void {
    const own = caller.offices.some((one) => one.office === office && one.organisationId === organisationId);
    const lent = caller.standsInFor.some(
      (one) => one.office === office && one.organisationId === organisationId && one.principalId === body.onBehalfOfPerson,
    );
    same([own || lent, lent || body.onBehalfOfPerson === undefined], [true, true], 'the office that signs', {
      office,
      organisationId,
      caller,
    });
  }

  private async mustBeTold(act: Told, before: Record<string, unknown>): Promise<void> {
    const { timeline, ...rest } = await this.shown();
    const last = (timeline as { seq: number; kind: string; by?: { personId: string }; onBehalfOfPerson?: { id: string } }[]).at(-1);
    same(
      [last?.seq, last?.kind, last?.by?.personId, last?.onBehalfOfPerson?.id],
      [act.seq, act.kind, act.personId, act.body.onBehalfOfPerson],
      'the timeline',
      last,
    );
    const { timeline: _, ...unmoved } = before;
    if (NOTES.has(act.kind)) same(rest, unmoved, `what ${act.kind} leaves unmoved`, act);
  }

  private async shown(): Promise<Record<string, unknown>> {
    return (await (await as(this.scene.system, 'operator')).get<Record<string, unknown>>(`/change-requests/${this.begun.story.id}`)).body;
  }

  private async countOfActs(): Promise<number> {
    const [{ n }] = await inScope(this.scene.system.db, 'system', (tx) => tx.query<[{ n: number }]>('select count(*)::int as n from act'));
    return n;
  }
}

interface Batch {
  readonly items?: { readonly requestId?: string; readonly status: number; readonly problem?: { readonly code: string } }[];
}

const NOTES = new Set([
  'claimed',
  'released',
  'urged',
  'urgeAnswered',
  'delegated',
  'delegationEnded',
  'consulted',
  'consultationAnswered',
  'copied',
  'commented',
  'objected',
]);

/** Whom the case names: operators, who has claimed, delegated or decided, and who is asked. */
function isNamed({ id, offices }: Person, { open, steps }: Standing): boolean {
  const named = open.flatMap(({ assignee, delegation, claim }) => [assignee, delegation?.to, delegation?.by, claim?.by]);
  return offices.some(({ office }) => office === 'operator') || [...named, ...steps.map(({ decision }) => decision?.by)].includes(id);
}

/** At an organisation that holds a task of the case, saw it overdue, or is asked for an opinion. */
const isNear = ({ offices }: Person, { open, opinions }: Standing): boolean =>
  offices.some(({ organisationId: at }) =>
    [...open.flatMap(({ holder, sawIt }) => [holder, ...sawIt]), ...opinions.map(({ asked }) => asked)].includes(at),
  );
