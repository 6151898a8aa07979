import type { Transaction } from '../platform/database/in-scope.js';
import { codeOf, type SchoolTerm } from '../domain/terms/school-term.js';
import { appendNext, type LedgerDeps, type NewAct, type StoredAct } from '../platform/ledger/streams.js';
import { newId } from '../platform/ledger/new-id.js';

/** A school's term whose row is locked. */
export interface LockedTerm {
  readonly id: string;
  /** Of the last act in its stream. */
  readonly lastSeq: number;
}

/** Locks a school's term, which is made when something is put on record of it. */
export async function lockTerm(tx: Transaction, schoolId: string, term: SchoolTerm): Promise<LockedTerm> {
  const row = await lockedTerm(tx, schoolId, term, 'for update');
  if (!row) throw new Error('the term is not there');
  return row;
}

/** The same, unless another transaction has it locked. */
export const lockTermIfFree = (tx: Transaction, schoolId: string, term: SchoolTerm): Promise<LockedTerm | undefined> =>
  lockedTerm(tx, schoolId, term, 'for update skip locked');

async function lockedTerm(
  tx: Transaction,
  schoolId: string,
  { year, nth }: SchoolTerm,
  how: 'for update' | 'for update skip locked',
): Promise<LockedTerm | undefined> {
  await tx.query('insert into school_term (id, school_id, year, nth) values ($1,$2,$3,$4) on conflict do nothing', [
    newId(),
    schoolId,
    year,
    nth,
  ]);
  const [row] = await tx.query<LockedTerm[]>(
    `select id, last_seq as "lastSeq" from school_term where school_id = $1 and year = $2 and nth = $3 ${how}`,
    [schoolId, year, nth],
  );
  return row;
}

/** Appends one act to the stream of a locked term: the only way it is written. */
export async function recordTermAct(
  tx: Transaction,
  deps: LedgerDeps,
  { id }: Pick<LockedTerm, 'id'>,
  term: SchoolTerm,
  act: NewAct,
): Promise<StoredAct> {
  const stored = await appendNext(tx, deps, 'term', id, { ...act, body: { term: codeOf(term), ...act.body } });
  await tx.query('update school_term set last_seq = $2 where id = $1', [id, stored.seq]);
  return stored;
}
