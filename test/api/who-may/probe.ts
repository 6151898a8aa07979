import { randomUUID } from 'node:crypto';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { asOwner } from '../../fixtures/owner.js';
import type { Answer } from '../../fixtures/client.js';
import { LONG } from '../../fixtures/profile.js';
import type { System } from '../../fixtures/system.js';
import type { Person } from './cast.js';
import type { Declared } from './declared.js';
import type { Refused } from './duties.js';
import { OFFICE_DUTIES, type Call, type OfficeDuty } from './offices.js';
import type { Stage } from './stage.js';
import { same } from './told.js';

/** How many people of each answer ask in the short profile. */
const FEW = 4;

interface Written {
  readonly kind: string;
  readonly personId: string | null;
  readonly office: string | null;
  readonly organisationId: string | null;
}

/** Everybody asks for everything that is no move on a case. */
export class Offices {
  constructor(
    private readonly system: System,
    private readonly stage: Stage,
    private readonly people: readonly Person[],
    private readonly declared: Declared,
  ) {}

  /** While the ledger takes nothing: who may is answered 507, everybody else refused as the duty says, and nothing is written. */
  async probed(): Promise<void> {
    const before = await this.lastPosition();
    await asOwner(this.system, 'insert into ledger_is_full values (true)');
    try {
      for (const duty of OFFICE_DUTIES) {
        const people = this.apart(duty);
        const refusals = people.map((caller) => this.refusalOf(duty, caller));
        same(
          [refusals.some((one) => !one), refusals.some((one) => one?.[0] !== 401)],
          [true, true],
          'who may and who may not',
          duty.endpoint,
        );
        for (let from = 0; from < people.length; from += 12)
          await Promise.all(people.slice(from, from + 12).map((caller) => this.compared(duty, caller)));
      }
    } finally {
      await asOwner(this.system, 'delete from ledger_is_full');
    }
    same(await this.lastPosition(), before, 'acts after everybody has asked', 'the offices');
  }

  /** One of those who may does it: the acts are there, theirs, signed in an office that they hold. */
  async done(): Promise<void> {
    for (const duty of OFFICE_DUTIES) {
      const caller = this.people.find((one) => !this.refusalOf(duty, one)) as Person;
      const before = await this.lastPosition();
      const answer = await this.sent(await duty.call(this.stage, caller), caller);
      same(Math.floor(answer.status / 100), 2, duty.endpoint, { caller, answer: answer.body });
      const acts = await this.since(before);
      same(
        acts.map(({ kind }) => kind),
        duty.acts,
        `the acts of ${duty.endpoint}`,
        answer.body,
      );
      for (const act of acts) this.mustBeTheirs(act, caller, duty);
    }
  }

  /** One of those who hold the same offices and are to be answered alike; in the short profile a few of each answer, others each time. */
  private apart(duty: OfficeDuty): Person[] {
    const answerOf = (one: Person) => JSON.stringify(this.refusalOf(duty, one) ?? 'may');
    const alike = (one: Person) => JSON.stringify([one.offices, answerOf(one)]);
    const all = [...new Map(this.people.map((one) => [alike(one), one])).values()];
    if (LONG) return all;
    const start = OFFICE_DUTIES.indexOf(duty) * FEW;
    const turned = all.map((_, at) => all[(at + start) % all.length] as Person);
    return turned.filter((one, at) => turned.slice(0, at).filter((other) => answerOf(other) === answerOf(one)).length < FEW);
  }

  private readonly refusalOf = (duty: OfficeDuty, caller: Person): Refused =>
    caller.disabled ? [401, 'unauthenticated'] : duty.refused(this.stage, caller);

  private async compared(duty: OfficeDuty, caller: Person): Promise<void> {
    const call = await duty.call(this.stage, caller);
    const refused = this.refusalOf(duty, caller);
    if (!refused) same(this.declared.admits(duty.endpoint, caller), true, 'the route declares an office of who may', { duty, caller });
    const expected = refused ?? [507, 'storage-full'];
    same(outcome(await this.sent(call, caller), call), expected, duty.endpoint, { caller, call });
  }

  private async sent({ path, method = 'POST', body }: Call, { client }: Person): Promise<Answer<Outcome>> {
    const key = { 'Idempotency-Key': randomUUID() };
    if (!(body instanceof FormData)) return client.send<Outcome>(method, path, body, key);
    const { token, url } = client as unknown as { token: string; url: string };
    const response = await fetch(`${url}/api/v1${path}`, { method, body, headers: { ...key, Authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as Outcome, type: response.headers.get('content-type') ?? '' };
  }

  private mustBeTheirs({ kind, personId, office, organisationId }: Written, { id, offices }: Person, { endpoint }: OfficeDuty): void {
    const held = offices.some((one) => one.office === office && one.organisationId === organisationId);
    same([personId, held], [id, true], `who signs ${kind} of ${endpoint}`, { personId, office, organisationId, offices });
  }

  private async lastPosition(): Promise<string> {
    const [{ last }] = await inScope(this.system.db, 'system', (tx) =>
      tx.query<[{ last: string }]>('select max(position)::text as last from act'),
    );
    return last;
  }

  private since(position: string): Promise<Written[]> {
    return inScope(this.system.db, 'system', (tx) =>
      tx.query<Written[]>(
        `select kind, person_id as "personId", office, organisation_id as "organisationId" from act where position > $1::bigint
          order by position`,
        [position],
      ),
    );
  }
}

interface Outcome {
  readonly code?: string;
  readonly items?: { readonly status: string; readonly problem?: { readonly status: number; readonly code: string } }[];
}

/** Of what was sent together the answer to the one thing that was. */
function outcome({ status, body }: Answer<Outcome>, { together }: Call): unknown {
  const problem = together && status < 300 ? body.items?.[0]?.problem : undefined;
  return problem ? [problem.status, problem.code] : [status, body.code];
}
