import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import type { OptionalRule } from '../domain/policy/policy.js';
import type { AboutStudent } from '../domain/preconditions/index.js';
import { dateOf, monthsLater } from '../domain/working-days.js';

/** Facts of the student and of the school that only some rules need. */
export interface AskedFacts {
  readonly student: Pick<AboutStudent, 'minor' | 'guardianOnRecord' | 'openIrregularity' | 'suspendedDays'>;
  readonly source: Pick<AboutStudent['source'], 'repeating'>;
}

interface Asking {
  readonly cipher: FieldCipher;
  readonly now: Date;
  readonly rules: readonly OptionalRule[];
  /** The filing says that a guardian applies. */
  readonly guardianApplies?: boolean;
}

/** Reads what the rules that are switched on ask, and nothing else. */
export async function askedFacts(
  tx: Transaction,
  { cipher, now, rules, guardianApplies = false }: Asking,
  { id, schoolId }: { readonly id: string; readonly schoolId: string },
): Promise<AskedFacts> {
  const asked = <T>(rule: OptionalRule, ask: () => Promise<T>) => (rules.includes(rule) ? ask() : undefined);
  const [minor, guardianOnRecord, openIrregularity, suspendedDays, repeating] = await Promise.all([
    guardianApplies || rules.includes('minorNeedsGuardian') ? isMinor(tx, cipher, id, dateOf(now.getTime())) : undefined,
    guardianApplies ? guardianIsOnRecord(tx, id) : undefined,
    asked('noOpenIrregularity', () => irregularityIsOpen(tx, id)),
    asked('withinSuspendedTotal', () => suspendedSoFar(tx, id, now)),
    asked('withinRepeatShare', () => repeatingAt(tx, schoolId, now)),
  ]);
  return { student: { minor, guardianOnRecord, openIrregularity, suspendedDays }, source: { repeating } };
}

async function isMinor(tx: Transaction, cipher: FieldCipher, id: string, today: string): Promise<boolean | undefined> {
  const row = await together(tx, 'born', id, async (ids) =>
    byKey(
      await tx.query<{ key: string; born: Buffer }[]>(
        'select id as key, birth_date_cipher as born from student where id = any($1::uuid[])',
        [ids],
      ),
    ),
  );
  return row && monthsLater(cipher.decrypt(row.born, `student.birthDate:${id}`), 18 * 12) > today;
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

/**
 * Days of a student's suspensions until an instant, over all versions of the present enrolment. Service in the army does not count. A
 * suspension that runs counts up to the instant.
 */
export const SUSPENDED_DAYS = (student: string, until: string): string => `(
  select coalesce(sum(greatest(0, coalesce(w.next, (${until} at time zone 'Asia/Shanghai')::date) - w.since)), 0)::int from (
    select v.state, v.since, v.recorded_at, lead(v.since) over (order by v.recorded_at, v.seq) as next
    from enrolment e join enrolment_version v on v.enrolment_id = e.id
    where e.student_id = ${student} and v.recorded_at <= ${until}
      and e.enrolled_on = (select max(l.enrolled_on) from enrolment l where l.student_id = ${student})) w
  where w.state = 'suspended' and 'military' is distinct from (
    select u.details ->> 'ground' from change_request u where u.student_id = ${student} and u.kind = 'suspension'
      and u.state in ('open', 'approved') and u.filed_at <= w.recorded_at order by u.filed_at desc limit 1))`;

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

/** Students of a school, and how many of them had asked to repeat a year by an instant, in its calendar year. */
export const REPEATING = (school: string, until: string): string => `jsonb_build_object(
  'students', (select count(*) from enrolment e where e.school_id = ${school} and e.state in ('active', 'suspended')),
  'repeats', (select count(*) from change_request u where u.source_school_id = ${school} and u.kind = 'repeatYear' and u.state in ('open',
    'approved')
     and u.filed_at < ${until} and u.filed_at >= date_trunc('year', ${until} at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai'))`;

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
