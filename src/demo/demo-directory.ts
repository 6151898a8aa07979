import type { Transaction } from '../platform/database/in-scope.js';
import { ORGANISATION_VIEW } from '../organisations/organisations.store.js';
import type { DemoAccount, DemoStudentView, DemoView } from './demo.dto.js';
import { DEMO_PASSWORD, demoPeople } from './people.js';
import { studentId, STUDENTS } from './students.js';

const SOURCE_SCHOOL = '3301-01';
const ACROSS_PROVINCES = [`clerk.${SOURCE_SCHOOL}`, `reviewer.${SOURCE_SCHOOL}`, 'reviewer.5101-01', 'reviewer.330110', 'reviewer.510104'];

/** The accounts and students of the demonstration as they stand now. */
export async function demoDirectory(tx: Transaction): Promise<DemoView> {
  const accounts: Omit<DemoAccount, 'password'>[] = await tx.query(
    `select p.username, f.office, ${ORGANISATION_VIEW('o')} as organisation
     from unnest($1::text[]) with ordinality as demo (username, nth)
       join person p using (username) join office f on f.person_id = p.id join organisation o on o.id = f.organisation_id
     where p.disabled_at is null and f.held_until is null order by demo.nth, f.office`,
    [[...new Set([...ACROSS_PROVINCES, ...demoPeople().map(({ username }) => username)])]],
  );
  const students: DemoStudentView[] = await tx.query(
    `select e.student_id as id, e.school_id as "schoolId", e.state
     from unnest($1::uuid[]) with ordinality as demo (id, nth)
       cross join lateral (
         select student_id, school_id, state from enrolment where student_id = demo.id
         order by state in ('active','suspended') desc, valid_from desc, recorded_at desc limit 1) e
       join organisation o on o.id = e.school_id
     order by o.code = $2 desc, o.code, e.state <> 'active', demo.nth`,
    [Array.from({ length: STUDENTS }, (_, nth) => studentId(nth)), SOURCE_SCHOOL],
  );
  return { accounts: accounts.map((account) => ({ ...account, password: DEMO_PASSWORD })), students };
}
