import { PROCEDURES } from '../src/domain/procedure/procedures.js';
import { newCase } from '../src/domain/case/case.js';
import { NATIONAL_DEFAULT } from '../src/domain/policy/policy.js';
import { routeFor } from '../src/domain/case/route.js';
import { stepsView } from '../src/cases/rows.js';
import { INBOX } from '../src/tasks/inbox.service.js';
import { HttpClient } from './http.js';
import { distribution, timed, type Distribution } from './measurements.js';
import { LOAD, populate, type Population } from './population.js';
import { asApplication, explainedGenerically, inScopeOf } from './plans.js';
import { productDatabase, startApi, type Engines } from './system.js';

export const LEVELS = [1_000, 1_000_000] as const;
const PAGE = 50;
const READS = 400;

export interface InboxResults {
  /** Milliseconds of GET /tasks, by number of open tasks. */
  readonly readMs: Readonly<Record<string, Distribution>>;
  /** Open tasks of the organisation that was asked. */
  readonly ofTheOrganisation: Readonly<Record<string, number>>;
  /** EXPLAIN (ANALYZE, BUFFERS) at the highest level, as the application's role in the scope of one reviewer. */
  readonly plan: string;
}

/**
 * One open request and task each, of few students, which no filing would allow; every tenth task is held by the school that is measured,
 * the rest by the others. Set-based.
 */
const OPEN_TASKS = `
  with chosen as (
    select student_id, row_number() over () as nth from generate_series(1, 1 + $1 / (select greatest(count(*), 1) from enrolment)) copy
      cross join (
      select e.student_id from enrolment e join organisation o on o.id = e.school_id where o.code like 'S_____'
        and e.state = 'active') student limit $1),
  school as (select id, ancestors, row_number() over (order by code) - 1 as nth, count(*) over () as schools from organisation
    where code like 'S_____'),
  one as (
    select c.nth, c.student_id, gen_random_uuid() as id, source.id as source_id, destination.id as destination_id, clerk.person_id,
      array[source.id, destination.id] || source.ancestors || destination.ancestors as seen_by,
      now() - (c.nth % 240) * interval '1 hour' as filed_at
    from chosen c join school source on source.nth = case when c.nth % 10 = 0 then 0 else 1 + c.nth % (source.schools - 1) end
      join school destination on destination.nth = (source.nth + 1 + c.nth % (source.schools - 2)) % source.schools
      join office clerk on clerk.organisation_id = source.id and clerk.office = 'schoolClerk'),
  request as (
    insert into change_request (id, number, kind, student_id, masked_name, state, processing, version, route, steps, details, application,
      evidence_ids,
      filer_id, filer_organisation_id, source_school_id, destination_school_id, seen_by, filed_at, last_seq, last_process_seq)
    select id, 'B-' || nth, 'transfer', student_id, '压*', 'open', false, 2, $2, $3, '{}', '{"by":"school"}', '{}', person_id, source_id,
      source_id,
      destination_id, seen_by, filed_at, 2, 2 from one)
  insert into task (id, request_id, step, visit, supplement, capacities, holder_id, office, state, version, returns, opened_at, arrived_on,
    working_days, due_date, due_at, provisional, kind)
  select gen_random_uuid(), id, 'sourceSchool', 1, false, '{sourceSchool}', source_id, 'schoolReviewer', 'open', 1, 0, filed_at,
    filed_at::date, 10,
    filed_at::date + 14, (filed_at::date + 15)::timestamptz, false, 'transfer' from one`;

/** So many open tasks, each of a request of its own, without acts and processes. */
export async function filled(engines: Engines, database: string, { schools }: Population, open: number): Promise<void> {
  const [source, destination] = [schools[0]!, schools.find(({ authorityId }) => authorityId !== schools[0]!.authorityId)!];
  const party = (school: typeof source) => ({ schoolId: school.id, authorityId: school.authorityId, provinceId: school.provinceId });
  const filer = { organisationId: source.id, personId: source.id };
  const route = routeFor(PROCEDURES.transfer.kind, { source: party(source), destination: party(destination), filer }, NATIONAL_DEFAULT);
  // The requests' rows come after those of the tasks' foreign key within the one statement, so the key is checked at its end.
  await engines.sql(database, OPEN_TASKS, [open, route, JSON.stringify(stepsView(newCase(route)))]);
  await engines.sql(database, 'vacuum analyze');
}

async function planAt(engines: Engines, database: string, schoolId: string): Promise<string> {
  const offices = JSON.stringify([{ office: 'schoolReviewer', organisationId: schoolId }]);
  const values = [offices, [], null, null, null, new Date(), null, PAGE + 1];
  const client = await asApplication(engines.url(database));
  try {
    await inScopeOf(client, [schoolId]);
    return await explainedGenerically(client, INBOX, values);
  } finally {
    await client.end();
  }
}

/**
 * GET /tasks with a page of 50 for one school, at 1,000 and at 1,000,000 open tasks: two databases and two API processes, asked in turn.
 */
export async function inboxScenario(engines: Engines, say: (line: string) => void): Promise<InboxResults> {
  await productDatabase(engines, 'inbox');
  const population = await populate(engines.url('inbox'), LOAD);
  await engines.sql('inbox', 'drop index change_request_one_open, change_request_one_death');
  const school = population.schools[0]!;
  const clients = new Map<number, HttpClient>();
  for (const open of LEVELS) {
    say(`Generating ${open.toLocaleString('en')} open tasks …`);
    await engines.sql('postgres', `create database inbox_${open} template inbox`);
    await filled(engines, `inbox_${open}`, population, open);
    const http = new HttpClient(`${await startApi(engines, `inbox_${open}`)}/api/v1`);
    engines.undo.push(() => Promise.resolve(http.close()));
    clients.set(open, http);
  }
  const times = new Map(LEVELS.map((open) => [open as number, [] as number[]]));
  const read = (open: number, into: number[]) =>
    timed(into, () => clients.get(open)!.get<{ items: unknown[] }>(`/tasks?limit=${PAGE}`, school.reviewer));
  for (const open of LEVELS) {
    const { items } = await read(open, []);
    if (items.length !== PAGE) throw new Error(`the page at ${open} open tasks has ${items.length} items`);
    for (let n = 0; n < 50; n += 1) await read(open, []);
  }
  for (let n = 0; n < READS; n += 1) for (const open of LEVELS) await read(open, times.get(open)!);
  const most = Math.max(...LEVELS);
  return {
    readMs: Object.fromEntries([...times].map(([open, values]) => [open, distribution(values)])),
    ofTheOrganisation: Object.fromEntries(LEVELS.map((open) => [open, open / 10])),
    plan: await planAt(engines, `inbox_${most}`, school.id),
  };
}
