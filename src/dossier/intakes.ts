import { intakeCode } from '../domain/terms/registration-period.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext, type By, type LedgerDeps, type NewAct, type StoredAct } from '../platform/ledger/streams.js';

/** Of which school and season an intake is. */
export interface IntakeOf {
  readonly schoolId: string;
  readonly year: number;
  readonly season: 'spring' | 'autumn';
}

/** Of whom an intake is who begins to study at a school on a day. */
export function intakeOfDay(schoolId: string, enrolledOn: string): IntakeOf {
  const [year = '', season = ''] = intakeCode(enrolledOn).split('-');
  return { schoolId, year: Number(year), season: season === 'spring' ? 'spring' : 'autumn' };
}

/** Opens the next intake of a school in a season. The school's row makes one opening follow the other. */
export async function openIntake(tx: Transaction, deps: LedgerDeps, { schoolId, year, season }: IntakeOf, by?: By): Promise<string> {
  await tx.query('select 1 from organisation where id = $1 for no key update', [schoolId]);
  const id = newId();
  const [row] = await tx.query<{ nth: number }[]>(
    `insert into intake (id, school_id, year, season, nth, opened_by, opened_at)
     select $1, $2, $3, $4, coalesce(max(nth), 0) + 1, $5, $6 from intake where school_id = $2 and year = $3 and season = $4 returning nth`,
    [id, schoolId, year, season, by?.personId ?? null, new Date(deps.clock.now())],
  );
  await recordIntakeAct(tx, deps, id, { kind: 'opened', key: 'opened', by, body: { schoolId, year, season, nth: row?.nth } });
  return id;
}

/** The latest intake of a school in a season, which is opened where there is none: whoever registers one by one enters it. */
export async function runningIntake(tx: Transaction, deps: LedgerDeps, of: IntakeOf, by?: By): Promise<string> {
  const [running] = await tx.query<{ id: string }[]>(
    'select id from intake where school_id = $1 and year = $2 and season = $3 order by nth desc limit 1',
    [of.schoolId, of.year, of.season],
  );
  return running?.id ?? openIntake(tx, deps, of, by);
}

/** Appends one act to the stream of an intake whose row the caller has locked or made: the only way it is written. */
export async function recordIntakeAct(tx: Transaction, deps: LedgerDeps, id: string, act: NewAct): Promise<StoredAct> {
  const stored = await appendNext(tx, deps, 'intake', id, act);
  await tx.query('update intake set last_seq = $2 where id = $1', [id, stored.seq]);
  return stored;
}
