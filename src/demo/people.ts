import type { Office } from '../domain/offices.js';
import { Chance } from './chance.js';
import { demoId } from './demo-id.js';
import { nameOf } from './names.js';
import { demoOrganisations, NATION, type DemoOrganisation } from './organisations.js';

/** The password of every account of the demonstration. */
export const DEMO_PASSWORD = 'xueji-demo';

/** A person with the one office they hold. */
export interface DemoPerson {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly officeId: string;
  readonly office: Office;
  readonly organisationId: string;
}

type Post = readonly [role: string, office: Office];

/** Two reviewers everywhere: one may be the filer (A22), and a task must have somebody to be reassigned to. */
const AT_SCHOOL: readonly Post[] = [
  ['clerk', 'schoolClerk'],
  ['reviewer', 'schoolReviewer'],
  ['reviewer2', 'schoolReviewer'],
];
const AT_AUTHORITY: readonly Post[] = [
  ['reviewer', 'authorityReviewer'],
  ['reviewer2', 'authorityReviewer'],
  ['supervisor', 'authoritySupervisor'],
  ['admin', 'orgAdmin'],
];

const postsOf = ({ level }: DemoOrganisation): readonly Post[] => (level === 'school' ? AT_SCHOOL : AT_AUTHORITY);

function person(chance: Chance, username: string, office: Office, organisationId: string): DemoPerson {
  const displayName = nameOf(chance, chance.below(2) === 0 ? 'male' : 'female');
  return { id: demoId('person', username), username, displayName, officeId: demoId('office', username), office, organisationId };
}

/**
 * Everybody of the demonstration. Pure.
 * 1. `role.code` at each organisation, and `operator` at the nation's.
 * 2. For what two must do, a second supervisor at each province and a second administrator at the nation's.
 */
export function demoPeople(): DemoPerson[] {
  const chance = new Chance(1949);
  const inOffices = demoOrganisations().flatMap((at) =>
    postsOf(at).map(([role, office]) => person(chance, `${role}.${at.code}`, office, at.id)),
  );
  const operator = person(chance, 'operator', 'operator', demoId('organisation', NATION));
  const provinces = demoOrganisations().filter(({ level }) => level === 'province');
  const seconds = provinces.map(({ id, code }) => person(chance, `supervisor2.${code}`, 'authoritySupervisor', id));
  return [...inOffices, operator, ...seconds, person(chance, `admin2.${NATION}`, 'orgAdmin', demoId('organisation', NATION))];
}
