import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import type { OptionalRule } from '../domain/policy/policy.js';
import type { AboutStudent } from '../domain/preconditions/index.js';
import { dateOf, monthsLater } from '../domain/working-days.js';
import { REPEATING, SUSPENDED_DAYS } from './past-changes.js';

/** Facts of the student and of the school that only some rules need. */
export interface AskedFacts {
  readonly student: Pick<AboutStudent, 'birthDate' | 'minor' | 'guardianOnRecord' | 'openIrregularity' | 'suspendedDays'>;
  readonly source: Pick<AboutStudent['source'], 'repeating'>;
}

interface Asking {
  readonly cipher: FieldCipher;
  readonly now: Date;
  readonly rules: readonly OptionalRule[];
  /** The filing says that a guardian applies. */
  readonly guardianApplies?: boolean;
  /** The filing states another first day of study. */
  readonly statesEntry?: boolean;
}

/** Reads what the rules that are switched on ask, and nothing else. */
export async function askedFacts(
  tx: Transaction,
  { cipher, now, rules, guardianApplies = false, statesEntry = false }: Asking,
  { id, schoolId }: { readonly id: string; readonly schoolId: string },
): Promise<AskedFacts> {
  const asked = <T>(rule: OptionalRule, ask: () => Promise<T>) => (rules.includes(rule) ? ask() : undefined);
  const [birthDate, minor, guardianOnRecord, openIrregularity, suspendedDays, repeating] = await Promise.all([
    statesEntry ? birthDateOf(tx, cipher, id) : undefined,
    guardianApplies || rules.includes('minorNeedsGuardian') ? isMinor(tx, cipher, id, dateOf(now.getTime())) : undefined,
    guardianApplies ? guardianIsOnRecord(tx, id) : undefined,
    asked('noOpenIrregularity', () => irregularityIsOpen(tx, id)),
    asked('withinSuspendedTotal', () => suspendedSoFar(tx, id, now)),
    asked('withinRepeatShare', () => repeatingAt(tx, schoolId, now)),
  ]);
  return { student: { birthDate, minor, guardianOnRecord, openIrregularity, suspendedDays }, source: { repeating } };
}

async function isMinor(tx: Transaction, cipher: FieldCipher, id: string, today: string): Promise<boolean | undefined> {
  const birthDate = await birthDateOf(tx, cipher, id);
  return birthDate === undefined ? undefined : monthsLater(birthDate, 18 * 12) > today;
}

async function birthDateOf(tx: Transaction, cipher: FieldCipher, id: string): Promise<string | undefined> {
  const row = await together(tx, 'born', id, async (ids) =>
    byKey(
      await tx.query<{ key: string; born: Buffer }[]>(
        'select id as key, birth_date_cipher as born from student where id = any($1::uuid[])',
        [ids],
      ),
    ),
  );
  return row && cipher.decrypt(row.born, `student.birthDate:${id}`);
}

async function guardianIsOnRecord(tx: Transaction, id: string): Promise<boolean> {
  const found = await together(tx, 'guarded', id, async (ids) =>
    byKey(
      await tx.query<{ key: string }[]>(
        `select student_id as key from student_fact where student_id = any($1::uuid[]) and fact in ('guardianName','guardianRelation')
          group by student_id having count(distinct fact) = 2`,
        [ids],
      ),
    ),
  );
  return found !== undefined;
}

async function irregularityIsOpen(tx: Transaction, id: string): Promise<boolean> {
  const found = await together(tx, 'irregular', id, async (ids) =>
    byKey(
      await tx.query<{ key: string }[]>(
        'select distinct student_id as key from irregularity where student_id = any($1::uuid[]) and outcome is null',
        [ids],
      ),
    ),
  );
  return found !== undefined;
}

async function suspendedSoFar(tx: Transaction, id: string, now: Date): Promise<number> {
  const row = await together(tx, 'suspended', id, async (ids) =>
    byKey(
      await tx.query<{ key: string; days: number }[]>(
        `select s.id as key, ${SUSPENDED_DAYS('s.id', '$2::timestamptz')} as days from unnest($1::uuid[]) s (id)`,
        [ids, now],
      ),
    ),
  );
  return row?.days ?? 0;
}

/** The student whom the filing is about is one of them; of many filed at once each comes after the ones before it. */
async function repeatingAt(tx: Transaction, schoolId: string, now: Date): Promise<AboutStudent['source']['repeating']> {
  const row = await together(tx, 'repeating', schoolId, async (ids) =>
    byKey(
      await tx.query<{ key: string; repeating: { students: number; repeats: number } }[]>(
        `select o.id as key, ${REPEATING('o.id', '$2::timestamptz')} as repeating from organisation o where o.id = any($1::uuid[])`,
        [ids, now],
      ),
    ),
  );
  if (!row) return undefined;
  row.repeating.repeats += 1;
  return { ...row.repeating };
}
