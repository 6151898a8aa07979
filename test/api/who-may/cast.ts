import { addDays, instantOf } from '../../../src/domain/working-days.js';
import { appointed } from '../../fixtures/appointed.js';
import { as, type ApiClient } from '../../fixtures/client.js';
import { acrossCounties, type Demonstration, type DemoOrganisation } from '../../fixtures/demonstration.js';
import { asOwner } from '../../fixtures/owner.js';
import type { System } from '../../fixtures/system.js';

export interface OfficeHeld {
  readonly office: string;
  readonly organisationId: string;
}

/** An office of an absent person, from–until (epoch milliseconds), for some kinds of request or all. */
export interface StandIn extends OfficeHeld {
  readonly principalId: string;
  readonly from: number;
  readonly until: number;
  readonly kinds?: readonly string[];
}

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly client: ApiClient;
  readonly offices: readonly OfficeHeld[];
  readonly standsInFor: readonly StandIn[];
  readonly disabled: boolean;
}

export interface Places {
  /** The school that files, another school of its county, a school of another county in the same city, and one that has no part in it. */
  readonly source: DemoOrganisation;
  readonly neighbour: DemoOrganisation;
  readonly destination: DemoOrganisation;
  readonly elsewhere: DemoOrganisation;
}

export function placesOf(demo: Demonstration): Places {
  const [source, destination] = acrossCounties(demo);
  const others = demo.schools().filter(({ id }) => id !== source.id && id !== destination.id);
  const neighbour = others.find(({ parentId }) => parentId === source.parentId);
  const elsewhere = others.find(
    ({ parentId }) =>
      parentId !== source.parentId && parentId !== destination.parentId && demo.organisations.get(parentId ?? '')?.level === 'county',
  );
  if (!neighbour || !elsewhere) throw new Error('the demonstration has no such schools');
  return { source, destination, neighbour, elsewhere };
}

type Absence = readonly [
  absent: string,
  proxy: string,
  office: string,
  at: DemoOrganisation,
  from: number,
  until: number,
  kinds?: string[],
];

/** Everybody who could have to do with a case, or has nothing to do with it: on both sides, above, elsewhere, absent and standing in. */
export async function castOf(system: System, demo: Demonstration, places: Places): Promise<Person[]> {
  const { source, destination, neighbour, elsewhere } = places;
  const counties = [source, destination, elsewhere].map(({ parentId }) => demo.organisations.get(parentId ?? '') as DemoOrganisation);
  const [home, away] = counties as [DemoOrganisation, DemoOrganisation];
  const above = demo.superiors(home);
  const inOffice = (at: DemoOrganisation, ...offices: string[]) =>
    offices.flatMap((office) => demo.accounts.filter((one) => one.organisation.id === at.id && one.office === office));
  const usernames = [
    ...[source, destination, neighbour, elsewhere].flatMap((at) => inOffice(at, 'schoolClerk', 'schoolReviewer')),
    ...counties.flatMap((at) => inOffice(at, 'authorityReviewer', 'authoritySupervisor', 'orgAdmin')),
    ...above.flatMap((at) => inOffice(at, 'authoritySupervisor', 'operator')),
  ].map(({ username }) => username);
  const [clerk, atSource, atDestination] = [source, source, destination].map(
    (at, n) => demo.holders(at.id, n === 0 ? 'schoolClerk' : 'schoolReviewer')[n === 2 ? 1 : n] as string,
  ) as [string, string, string];
  // One person reviews on both sides; one files and reviews at the same school (A22).
  await appointed(system, demo, source.id, { username: atDestination, office: 'schoolReviewer' });
  await appointed(system, demo, source.id, { username: atSource, office: 'schoolClerk' });
  const reviewers = (at: DemoOrganisation) => demo.holders(at.id, at.level === 'school' ? 'schoolReviewer' : 'authorityReviewer');
  const absences: Absence[] = [
    [reviewers(source)[0]!, clerk, 'schoolReviewer', source, 0, 400],
    [reviewers(destination)[0]!, demo.holder(destination.id, 'schoolClerk'), 'schoolReviewer', destination, 0, 400],
    [reviewers(destination)[1]!, reviewers(destination)[0]!, 'schoolReviewer', destination, 0, 400],
    [reviewers(home)[0]!, demo.holder(home.id, 'authoritySupervisor'), 'authorityReviewer', home, 0, 400, ['transfer']],
    [reviewers(home)[1]!, demo.holder(home.id, 'authoritySupervisor'), 'authorityReviewer', home, 0, 400],
    [reviewers(away)[0]!, demo.holder(away.id, 'authoritySupervisor'), 'authorityReviewer', away, 0, 6],
    [reviewers(away)[1]!, demo.holder(away.id, 'authoritySupervisor'), 'authorityReviewer', away, 6, 400],
    [reviewers(neighbour)[0]!, demo.holder(neighbour.id, 'schoolClerk'), 'schoolReviewer', neighbour, 0, 400, ['suspension']],
  ];
  const ids = new Map<string, string>();
  const standIns = new Map<string, StandIn[]>();
  for (const username of usernames) ids.set(username, (await (await as(system, username)).get<{ id: string }>('/me')).body.id);
  for (const one of absences) {
    const [absent, proxy] = one;
    const granted = await absence(system, one, ids.get(absent) as string);
    standIns.set(proxy, [...(standIns.get(proxy) ?? []), granted]);
  }
  const gone = reviewers(elsewhere)[1] as string;
  const people: Person[] = [];
  for (const username of usernames)
    people.push({ ...(await personOf(system, username)), standsInFor: standIns.get(username) ?? [], disabled: username === gone });
  await asOwner(system, 'update person set disabled_at = now() where username = $1', [gone]);
  return people;
}

/** Somebody who stands in for nobody, with the offices that the person holds. */
export async function personOf(system: System, username: string): Promise<Person> {
  const client = await as(system, username);
  const { body } = await client.get<{ id: string; offices: { office: string; organisation: { id: string } }[] }>('/me');
  const offices = body.offices.map(({ office, organisation }) => ({ office, organisationId: organisation.id }));
  return { id: body.id, username, client, offices, standsInFor: [], disabled: false };
}

async function absence(system: System, [absent, username, office, at, from, until, kinds]: Absence, principalId: string): Promise<StandIn> {
  const day = (n: number) => instantOf(addDays(system.time.today(), n));
  const body = {
    username,
    office,
    organisationId: at.id,
    reason: '年休假',
    kinds,
    from: new Date(day(from)).toISOString(),
    until: new Date(day(until)).toISOString(),
  };
  const { status, body: answer } = await (await as(system, absent)).post('/me/proxies', body);
  if (status !== 201) throw new Error(`the proxy was not granted: ${JSON.stringify(answer)}`);
  return { office, organisationId: at.id, principalId, from: day(from), until: day(until), kinds };
}
