import type { Transaction } from '../platform/database/in-scope.js';
import { appending, derivedOf, tipsOf, type LedgerDeps } from '../platform/ledger/streams.js';
import { dateOf } from '../domain/working-days.js';
import type { PolicyStore } from '../policies/policies.store.js';
import { DOSSIERS_LEFT, type ChangeRow } from './organisation-changes.store.js';

/** Dossiers moved in one transaction, at most. */
const AT_ONCE = 200;

interface Moved {
  enrolmentId: string;
  studentId: string;
}

/** Who is in a class goes on in the one that took its place; leavers keep the name that they left with. */
const TO_SUCCESSOR = `
  school_id = $3, since = greatest(e.since, c.effective_on),
  class_name = case when e.state in ('active','suspended','pending','heldDuplicate') then (
      select n.name from school_class was join school_class n on n.id = was.merged_into
      where was.school_id = e.school_id and n.school_id = $3 and was.name = e.class_name and was.closed_on = c.effective_on limit 1)
    else e.class_name end,
  class_since = case when e.state in ('active','suspended','pending','heldDuplicate') then greatest(e.class_since, c.effective_on)
    else e.class_since end`;

type Deps = LedgerDeps & { readonly policies: PolicyStore };

/**
 * Moves the next dossiers (Art 12). Each student's own stream gets an act.
 * 1. In a merger they move to the successor, as a version of the same enrolment from the day of the merger.
 * 2. In a closure those of leavers move to the custodian that policy names.
 */
export async function moveDossiers(tx: Transaction, deps: Deps, change: ChangeRow): Promise<void> {
  const to = change.intoSchoolId ?? (await custodianOf(tx, deps, change));
  const students = await tx.query<{ id: string }[]>(
    `select id from student where id in (select e.student_id from enrolment e, organisation_change c where c.id = $1 and ${DOSSIERS_LEFT}
       order by e.student_id limit $2) order by id for update`,
    [change.id, AT_ONCE],
  );
  const ids = students.map(({ id }) => id);
  const now = new Date(deps.clock.now());
  const sets = change.kind === 'merger' ? TO_SUCCESSOR : 'custodian_id = $3';
  const [moved] = (await tx.query(
    `update enrolment e set ${sets}, changed_by = c.id, changed_at = $4 from organisation_change c
     where c.id = $1 and e.student_id = any($2::uuid[]) and ${DOSSIERS_LEFT} returning e.id as "enrolmentId", e.student_id as "studentId"`,
    [change.id, ids, to, now],
  )) as unknown as [Moved[], number];
  await tx.query('update student set changed_at = $2 where id = any($1::uuid[])', [ids, now]);
  await recordEach(tx, deps, change, moved, to);
  await tx.query('update organisation_change set dossiers_moved = dossiers_moved + $2 where id = $1', [change.id, moved.length]);
}

async function recordEach(tx: Transaction, deps: LedgerDeps, change: ChangeRow, moved: readonly Moved[], to: string): Promise<void> {
  const ids = [...new Set(moved.map(({ studentId }) => studentId))];
  const [heads, derived] = await Promise.all([tipsOf(tx, ids), derivedOf(tx, 'student', ids)]);
  const written = moved.map(({ enrolmentId, studentId }) => {
    const made = appending(tx, deps, 'student', studentId, heads.get(studentId) ?? { seq: 0, at: 0 }, {
      kind: change.kind === 'merger' ? 'rehomed' : 'handedToCustodian',
      key: `moved:${change.id}:${enrolmentId}`,
      body: { changeId: change.id, enrolmentId, from: change.schoolId, to, effectiveOn: change.effectiveOn },
      derived: derived.get(studentId),
    });
    heads.set(studentId, made.stored);
    return made.written;
  });
  await Promise.all(written);
}

/** The custodian that the province's policy names (A25). */
async function custodianOf(tx: Transaction, { clock, policies }: Deps, { schoolId }: ChangeRow): Promise<string> {
  const [school] = await tx.query<{ provinceId: string; authorityId: string }[]>(
    'select province_id as "provinceId", parent_id as "authorityId" from organisation where id = $1',
    [schoolId],
  );
  if (!school) throw new Error(`no school ${schoolId}`);
  const { custodian } = await policies.inForce(tx, school.provinceId, dateOf(clock.now()));
  return custodian === 'authority' ? school.authorityId : custodian;
}
