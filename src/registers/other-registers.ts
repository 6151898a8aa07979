import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { CaseDeps } from '../cases/cases.store.js';
import type { OtherRegister, RegisterAnswer } from '../domain/dossier/other-registers.js';
import { personsById, type Person } from '../dossier/person.js';
import { pauseAfter } from '../identity/identity-checks.js';
import { inScope, isOutage, type Transaction } from '../platform/database/in-scope.js';
import { noteAnswers, type Answered } from './answers.js';
import type { HttpRegister, RegisterQuestion } from './http-register.js';

export interface RegistersDeps extends CaseDeps {
  readonly db: DataSource;
  readonly log: Logger;
  /** Those that are set up. */
  readonly registers: ReadonlyMap<OtherRegister, Pick<HttpRegister, 'ask'>>;
  /** Days after which those who are registered are asked about again. */
  readonly againDays: number;
}

/** Questions of one pass to one register, and how many of them at a time. */
const [ASKED, AT_ONCE] = [64, 8];
/** Registered students who join the questions in one step of a round. */
const ROUND_STEP = 256;
const [MINUTE, DAY] = [60_000, 86_400_000];
/** Milliseconds of a lease on a question. After it another process asks, because the first may have died. */
const LEASE = 5 * MINUTE;

/** On roll or on the way to it: nobody else is asked about. */
const LIVE = `('heldDuplicate', 'pending', 'active', 'suspended')`;

/**
 * Asks registers of other schools about students, outside any transaction. First come those who are not registered yet (Art 8), and from
 * time to time all who are (Art 10). A register that is down keeps registrations waiting, and is asked again later.
 */
export class OtherRegisters {
  private known = false;

  constructor(private readonly deps: RegistersDeps) {}

  /** True when there may be more to ask. */
  async pass(): Promise<boolean> {
    if (!this.known) await this.setUp();
    const more = await Promise.all([...this.deps.registers].map(([register, service]) => this.ask(register, service)));
    return more.includes(true);
  }

  /** The database knows which registers are set up: a registration waits for the answers of those and of no other. */
  private async setUp(): Promise<void> {
    const { db, clock, registers } = this.deps;
    const names = [...registers.keys()];
    await inScope(db, 'process', async (tx) => {
      await tx.query('delete from other_register where not register = any($1::text[])', [names]);
      await tx.query('insert into other_register (register) select unnest($1::text[]) on conflict do nothing', [names]);
      await tx.query(
        `insert into register_check (student_id, register, due_at) select e.student_id, r.register, $1 from registration g
         join enrolment e on e.id = g.enrolment_id and e.state in ('heldDuplicate', 'pending') cross join other_register r
         where g.registered_at is null on conflict do nothing`,
        [new Date(clock.now())],
      );
    });
    this.known = true;
  }

  private async ask(register: OtherRegister, service: Pick<HttpRegister, 'ask'>): Promise<boolean> {
    const { db, clock } = this.deps;
    const claimed = await inScope(db, 'process', (tx) => claim(tx, register, clock.now()));
    if (claimed.length === 0) return inScope(db, 'process', (tx) => this.stepRound(tx, register));
    const persons = await this.personsOf(claimed);
    const answers = new Map<string, RegisterAnswer | undefined>();
    const queue = [...persons];
    const one = async (): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) answers.set(next[0], await service.ask(questionOf(next[1])));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    const said = claimed.flatMap(({ studentId }): Answered[] => {
      const answer = answers.get(studentId);
      return answer ? [{ studentId, answer }] : [];
    });
    const unsaid = claimed.filter(({ studentId }) => !answers.get(studentId));
    await inScope(db, 'process', async (tx) => {
      await this.postpone(tx, register, unsaid, said.length === 0 && persons.length > 0);
      await noteAnswers(tx, this.deps, register, said);
    });
    return said.length > 0 && claimed.length === ASKED;
  }

  private async personsOf(claimed: readonly Claimed[]): Promise<(readonly [string, Person])[]> {
    const ids = claimed.map(({ studentId }) => studentId);
    try {
      return await this.readPersons(ids);
    } catch (error) {
      if (isOutage(error)) throw error;
    }
    const found: (readonly [string, Person])[] = [];
    for (const id of ids)
      await this.readPersons([id]).then(
        (one) => found.push(...one),
        // One that can't be read keeps no other from being asked about.
        (error: unknown) => this.deps.log.error({ err: error, studentId: id }, 'a person could not be asked about'),
      );
    return found;
  }

  private readPersons = async (ids: readonly string[]): Promise<(readonly [string, Person])[]> => [
    ...(await inScope(this.deps.db, 'process', (tx) => personsById(tx, this.deps.cipher, ids))),
  ];

  /** What got no answer is asked again after 1, 2, 4 … minutes; a register that answered nothing at all is left in peace as long. */
  private async postpone(tx: Transaction, register: OtherRegister, unsaid: readonly Claimed[], isDown: boolean): Promise<void> {
    const now = this.deps.clock.now();
    await tx.query(
      `update register_check c set due_at = n.due from unnest($2::uuid[], $3::timestamptz[]) as n (id, due)
       where c.register = $1 and c.student_id = n.id`,
      [
        register,
        unsaid.map(({ studentId }) => studentId),
        unsaid.map(({ attempts }) => new Date(now + (isDown ? 0 : pauseAfter(attempts)))),
      ],
    );
    const [row] = await tx.query<{ failures: number }[]>('select failures from other_register where register = $1 for update', [register]);
    if (!row || (!isDown && row.failures === 0)) return;
    const failures = isDown ? row.failures + 1 : 0;
    await tx.query('update other_register set failures = $2, quiet_until = $3 where register = $1', [
      register,
      failures,
      isDown ? new Date(now + pauseAfter(failures)) : null,
    ]);
  }

  /**
   * The next students of the round join the questions: by ascending id, so that nobody is left out or asked twice whoever comes meanwhile.
   * A round that has ended is followed by another after some days.
   */
  private async stepRound(tx: Transaction, register: OtherRegister): Promise<boolean> {
    const { clock, againDays } = this.deps;
    const now = clock.now();
    const [at] = await tx.query<{ began: Date | null; after: string | null; quiet: boolean }[]>(
      `select round_began_at as began, round_after as after, coalesce(quiet_until > $2, false) as quiet from other_register
       where register = $1 for update skip locked`,
      [register, new Date(now)],
    );
    if (!at || at.quiet) return false;
    if (at.after === null && at.began && at.began.getTime() + againDays * DAY > now) return false;
    const after = at.after ?? FIRST;
    const next = await tx.query<{ id: string }[]>(
      `select student_id as id from enrolment where state in ('active', 'suspended') and student_id > $1
       order by student_id limit ${ROUND_STEP}`,
      [after],
    );
    await tx.query(
      `insert into register_check as c (student_id, register, due_at) select unnest($1::uuid[]), $2, $3
       on conflict (student_id, register) do update set due_at = coalesce(c.due_at, excluded.due_at) where c.settled_by is null`,
      [next.map(({ id }) => id), register, new Date(now)],
    );
    await tx.query('update other_register set round_began_at = $2, round_after = $3 where register = $1', [
      register,
      at.after === null ? new Date(now) : at.began,
      next.length === ROUND_STEP ? next.at(-1)?.id : null,
    ]);
    return next.length > 0;
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000';

interface Claimed {
  readonly studentId: string;
  readonly attempts: number;
}

/** Claims what is due at a register that is not left in peace. Of who has left the roll nothing is asked any more. */
async function claim(tx: Transaction, register: OtherRegister, now: number): Promise<Claimed[]> {
  const [rows] = await tx.query<[(Claimed & { live: boolean })[], number]>(
    `with due as materialized (select student_id from register_check d where d.register = $1 and d.due_at <= $2
       and not exists (select 1 from other_register r where r.register = $1 and r.quiet_until > $2)
       order by due_at limit ${ASKED} for update skip locked)
     update register_check c set due_at = $3, attempts = attempts + 1 from due
     where c.register = $1 and c.student_id = due.student_id
     returning c.student_id as "studentId", c.attempts,
       exists (select 1 from enrolment e where e.student_id = c.student_id and e.state in ${LIVE}) as live`,
    [register, new Date(now), new Date(now + LEASE)],
  );
  const gone = rows.filter(({ live }) => !live).map(({ studentId }) => studentId);
  if (gone.length > 0)
    await tx.query('update register_check set due_at = null where register = $1 and student_id = any($2::uuid[])', [register, gone]);
  return rows.filter(({ live }) => live);
}

const questionOf = ({ document, name, sex, birthDate }: Person): RegisterQuestion => ({
  documentType: document.type,
  documentNumber: document.number,
  name,
  sex,
  birthDate,
});
