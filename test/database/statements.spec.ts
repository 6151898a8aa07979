import pg from 'pg';
import { REMOVALS } from '../../src/app/retention.js';
import { ROWS_OF_CASE } from '../../src/cases/batches.js';
import { CASES } from '../../src/cases/watch.js';
import { ORDERS } from '../../src/cases/order-wakes.js';
import { GAUGES } from '../../src/health/gauges.js';
import { DERIVE } from '../../src/notifications/derive.js';
import { MOVEMENT_GROUPINGS, RETENTION } from '../../src/statistics/statistics.store.js';
import { DOUBT_COUNTS, DOUBT_PAGE, DOUBTS_AMONG } from '../../src/data-checks/doubts.store.js';
import { DERIVED_STATEMENTS } from '../../src/programs/audit/derived.js';
import { GRADUATIONS, ONE_GRADUATION } from '../../src/graduations/graduations.views.js';
import { COUNT_ONE, COUNT_UNREGISTERED, LEFT_OF_A_GRADE, STANDING_OF, UNREGISTERED } from '../../src/school-terms/standing.store.js';
import { COUNTS, PAGES } from '../../src/students/finding.store.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';
import { described } from './described.js';
import { Statements, type Member, type Statement } from './statements.js';

const standings = (text: string) => ({ why: 'its columns are counted at run time', texts: [text] });

/** Statements that the sources alone do not tell, each with the reason, and with its texts where a constant holds them. */
const MADE_AT_RUN_TIME: Readonly<Record<string, { why: string; texts: readonly string[] }>> = {
  'src/platform/database/insert-rows.ts insert into': { why: 'table and columns are arguments', texts: [] },
  'src/cases/batches.ts select b.id from': { why: 'one for each kind of batch', texts: Object.values(ROWS_OF_CASE) },
  'src/cases/batches.ts select count(*)': { why: 'one for each kind of batch', texts: [] },
  'src/filing-notices/filing-notices.service.ts update filing_notice set': { why: 'each move names the columns that it sets', texts: [] },
  'src/dossier/effect.ts update enrolment set': { why: 'the columns are those that the change names', texts: [] },
  'src/supervision/irregularities.service.ts sql': { why: 'one of three that stand above it in a list', texts: [] },
  'src/app/retention.ts sql': { why: 'one of a list', texts: REMOVALS.map(({ sql }) => sql) },
  'src/requests/requests.views.ts select a.seq, case when': { why: 'where an act names an organisation is said by kind', texts: [] },
  'src/identity/identity-checks.ts update ${table}': { why: 'table and column go together; the sources would mix them', texts: [] },
  'src/cases/read-model.ts UPDATE_TASKS': { why: 'its columns are those of the projection', texts: [] },
  'src/cases/drift.ts REQUEST_ANEW': { why: 'its columns are those of the projection', texts: [] },
  'src/cases/drift.ts TASKS_ANEW': { why: 'its columns are those of the projection', texts: [] },
  'src/cases/comparison.ts this.watch.mayRun': { why: 'cases or orders', texts: [CASES.mayRun, ORDERS.mayRun] },
  'src/cases/comparison.ts sql': { why: 'cases or orders', texts: [CASES, ORDERS].flatMap((one) => [one.openAfter, one.openAmong]) },
  'src/cases/reconciler.ts this.watch.behind': { why: 'cases or orders', texts: [CASES.behind, ORDERS.behind] },
  'src/programs/audit/derived.ts sql': { why: 'one for each table of a list', texts: DERIVED_STATEMENTS },
  'src/programs/audit/derived.ts gone': { why: 'one for each table of a list', texts: [] },
  'src/notifications/derive.ts DERIVE': { why: 'its kinds are listed at run time', texts: [DERIVE] },
  'src/health/metrics.service.ts sql': { why: 'one of a list', texts: GAUGES.map(({ sql }) => sql) },
  'src/students/finding.service.ts pageOf(': { why: 'one of a list', texts: Object.values(PAGES).flatMap((one) => Object.values(one)) },
  'src/students/finding.service.ts COUNTS[way]': { why: 'one of a list', texts: Object.values(COUNTS) },
  'src/data-checks/doubts.service.ts DOUBT_PAGE': { why: 'its rules are a table', texts: [DOUBT_PAGE] },
  'src/exports/export-jobs.ts DOUBT_PAGE': { why: 'its rules are a table', texts: [DOUBT_PAGE] },
  'src/statistics/statistics.service.ts RETENTION(by)': { why: 'one for each grouping', texts: MOVEMENT_GROUPINGS.map(RETENTION) },
  'src/data-checks/doubts.service.ts DOUBT_COUNTS': { why: 'its rules are a table', texts: [DOUBT_COUNTS] },
  'src/data-checks/doubts.service.ts DOUBTS_AMONG': { why: 'its rules are a table', texts: [DOUBTS_AMONG] },
  'src/school-terms/registering.ts STANDING_OF': standings(STANDING_OF),
  'src/school-terms/registering.ts COUNT_UNREGISTERED': standings(COUNT_UNREGISTERED),
  'src/school-terms/school-terms.service.ts UNREGISTERED': standings(UNREGISTERED),
  'src/school-terms/school-terms.service.ts LEFT_OF_A_GRADE': standings(LEFT_OF_A_GRADE),
  'src/school-terms/school-terms.service.ts COUNT_ONE': standings(COUNT_ONE),
  'src/graduations/leaving-students.ts STANDING_OF': standings(STANDING_OF),
  'src/graduations/graduation-reading.service.ts GRADUATIONS': { why: 'it counts by lists', texts: [GRADUATIONS] },
  'src/graduations/graduation-reading.service.ts ONE_GRADUATION': { why: 'it counts by lists', texts: [ONE_GRADUATION] },
  'src/school-terms/term-messages.ts COUNT_UNREGISTERED': standings(COUNT_UNREGISTERED),
};

/** Statements whose columns are not the members of their row type, each with the reason. */
const OTHER_COLUMNS: Readonly<Record<string, string>> = {};

/** What the driver makes of a type of PostgreSQL; a type that is not here is read as it comes, as JSON is. */
const KINDS: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'Buffer',
  20: 'string',
  21: 'number',
  23: 'number',
  25: 'string',
  701: 'number',
  1007: 'list',
  1009: 'list',
  1016: 'list',
  1082: 'Date',
  1115: 'list',
  1184: 'Date',
  1700: 'string',
  2950: 'string',
  2951: 'list',
};

const nameOf = ({ file, written }: Statement): string => `${file} ${written}`;
const listed = (statement: Statement, list: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(list).find((name) => nameOf(statement).startsWith(name));

/** How the columns of an answer differ from the members of a row type. */
export function differences(columns: readonly { name: string; dataTypeID: number }[], row: ReadonlyMap<string, Member>): string[] {
  const names = new Set(columns.map(({ name }) => name));
  const kinds = columns.flatMap(({ name, dataTypeID }) => {
    const [is, said] = [KINDS[dataTypeID], row.get(name)?.kind];
    if (said === undefined) return [`${name} is no member`];
    return is !== undefined && is !== said ? [`${name} is ${is}, not ${said}`] : [];
  });
  return [...kinds, ...[...row].flatMap(([name, { optional }]) => (optional || names.has(name) ? [] : [`${name} is no column`]))];
}

describe('every statement by hand', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let statements: Statement[];
  beforeAll(async () => {
    statements = new Statements().all();
    database = await freshDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  }, 240_000);
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it('is found: some hundred of them', () => {
    expect(statements.length).toBeGreaterThan(400);
  });

  it('is told by the sources, or listed with the reason why not; nothing is listed that is not there', () => {
    const untold = statements.filter(({ texts }) => texts === undefined);
    expect(untold.filter((statement) => listed(statement, MADE_AT_RUN_TIME) === undefined).map(nameOf)).toEqual([]);
    expect(Object.keys(MADE_AT_RUN_TIME).filter((name) => !statements.some((one) => nameOf(one).startsWith(name)))).toEqual([]);
  });

  it('is one that the migrated schema understands', async () => {
    const failures: string[] = [];
    for (const statement of statements)
      for (const text of textsOf(statement))
        await described(client, text).catch((error: Error) => failures.push(`${statement.file}:${statement.line} ${error.message}`));
    expect(failures).toEqual([]);
  });

  it('answers the columns of its row type, each of its kind', async () => {
    const found: string[] = [];
    for (const statement of statements.filter((one) => listed(one, OTHER_COLUMNS) === undefined)) {
      const { file, line, row } = statement;
      for (const text of row ? textsOf(statement) : [])
        found.push(...differences(await described(client, text), row!).map((one) => `${file}:${line} ${one}`));
    }
    expect([...new Set(found)]).toEqual([]);
  });

  it('is refused where schema or row type say otherwise', async () => {
    await expect(described(client, 'select nobody from person')).rejects.toThrow('"nobody" does not exist');
    const row = new Map([
      ['id', { kind: 'number', optional: false }],
      ['username', { kind: 'string', optional: false }],
      ['email', { kind: 'string', optional: true }],
    ]);
    expect(differences(await described(client, 'select id, display_name from person where id = $1'), row)).toEqual([
      'id is string, not number',
      'display_name is no member',
      'username is no column',
    ]);
  });
});

function textsOf(statement: Statement): readonly string[] {
  const name = listed(statement, MADE_AT_RUN_TIME);
  return (name === undefined ? statement.texts : MADE_AT_RUN_TIME[name]?.texts) ?? [];
}
