import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { factsOn } from '../domain/dossier/personal-facts.js';
import { handlingAt } from '../domain/offices.js';
import type { Kind } from '../domain/procedure/procedure.js';
import { PROCEDURES } from '../domain/procedure/procedures.js';
import { dateOf } from '../domain/working-days.js';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { recordAccess } from '../dossier/accesses.js';
import { presentIdentity, statementsOf } from '../dossier/personal.store.js';
import { contentOf } from '../evidence/vault.js';
import type { Caller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { inThread } from '../platform/in-thread.js';
import type { CardEnrolment, RecordCard } from './record-card.js';

const SCRIPT = new URL('./record-card.thread.js', import.meta.url);
const BOUNDS = { milliseconds: 30_000, megabytes: 384 };

/** Whether the organisations ($2) see the student, and whether they handle the present or last enrolment. */
const HANDLED_BY = `
  with one as (
    select o.id = any($2) or o.ancestors && $2 or coalesce(e.custodian_id = any($2), false) as seen,
      coalesce($2 && array[o.id, o.parent_id, o.acting_id, e.custodian_id], false) as handled
    from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1 and e.state not in ('pending', 'heldDuplicate')
    order by e.state in ('active', 'suspended') desc, e.valid_from desc, e.recorded_at desc limit 1)
  select coalesce(bool_or(seen), false) as seen, coalesce(bool_or(handled), false) as handled from one`;

const ENROLMENTS = `
  select o.name as school, e.major_code as major, e.grade, e.class_name as "className", e.study_mode as "studyMode",
    e.length_years::float as "lengthYears", to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
    to_char(e.valid_to, 'YYYY-MM-DD') as "leftOn", e.state
  from enrolment e join organisation o on o.id = e.school_id
  where e.student_id = $1 and e.state not in ('pending', 'heldDuplicate') order by e.valid_from, e.recorded_at`;

/** The latest fifty; a card of more pages is read by nobody. */
const CHANGES = `
  select number, kind, to_char(closed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as "on" from change_request
  where student_id = $1 and state = 'approved' and closed_at is not null order by closed_at desc limit 50`;

const PICTURE = `select sha256, type from evidence where id = $1 and type in ('image/jpeg', 'image/png')`;

/** The record card 学籍卡, for the school and the authority that handle the student: a read of the dossier, on record. */
@Injectable()
export class RecordCards {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem not-found, not-your-office, daily-limit-reached */
  async pdf(caller: Caller, studentId: string): Promise<Buffer> {
    const { card, picture } = await this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        await mustHandleNow(tx, studentId, handlingAt(caller));
        await recordAccess(tx, 'dossier', studentId, { caller, now: this.clock.now(), quotas: this.quotas });
        return beyond(tx, 'schoolHistory', () => this.read(tx, studentId));
      }),
    );
    const content = picture && (await contentOf(this.cipher, this.config.dataDir, picture.sha256));
    const photograph = picture && content instanceof Buffer ? { content, type: picture.type } : undefined;
    return Buffer.from(await inThread<Uint8Array>(SCRIPT, { ...card, photograph } satisfies RecordCard, BOUNDS));
  }

  private async read(tx: Transaction, studentId: string): Promise<{ card: RecordCard; picture?: { sha256: string; type: string } }> {
    const today = dateOf(this.clock.now());
    const identity = await presentIdentity(tx, this.cipher, studentId);
    if (!identity) throw new Problem('not-found');
    const held = factsOn(await statementsOf(tx, this.cipher, studentId), today);
    const { studentNumber, ...person } = identity;
    const facts: Record<string, string> = { ...Object.fromEntries(held.map(({ fact, value }) => [fact, value])), ...person };
    const majors = await majorsInForce(tx);
    const enrolments = await tx.query<(Omit<CardEnrolment, 'major'> & { major: string | null })[]>(ENROLMENTS, [studentId]);
    const changes = await tx.query<{ number: string; kind: Kind; on: string }[]>(CHANGES, [studentId]);
    const [picture] = facts.photograph ? await tx.query<{ sha256: string; type: string }[]>(PICTURE, [facts.photograph]) : [];
    const card = {
      printedOn: today,
      studentNumber,
      facts,
      enrolments: enrolments.map(({ major, ...one }) => ({ ...one, major: major === null ? '' : (majors.get(major)?.zh ?? major) })),
      changes: changes.reverse().map(({ number, kind, on }) => ({ number, title: PROCEDURES[kind].title.zh, on })),
    };
    return { card, picture };
  }
}

/** @throws Problem not-found; not-your-office for who only sees the student */
async function mustHandleNow(tx: Transaction, studentId: string, organisations: readonly string[]): Promise<void> {
  const [row] = await beyond(tx, 'schoolHistory', () =>
    tx.query<{ seen: boolean; handled: boolean }[]>(HANDLED_BY, [studentId, organisations]),
  );
  if (row?.seen !== true) throw new Problem('not-found');
  if (!row.handled) throw new Problem('not-your-office');
}
