import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The database that every test database is copied from: migrated, with the demonstration and without cases. */
export const TEMPLATE = 'xueji_template';

export interface TestDatabase {
  /** The superuser's address of the new database. */
  url: string;
  drop(): Promise<void>;
}

function superuserUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (!url) throw new Error('TEST_POSTGRES_URL is not set: run tests by npm test');
  return url;
}

export function urlOfDatabase(name: string): string {
  const url = new URL(superuserUrl());
  url.pathname = `/${name}`;
  return url.href;
}

export async function asSuperuser(sql: string, url = superuserUrl()): Promise<pg.QueryResult<Record<string, string>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own for a test file, copied from a template; `drop` ends what is still connected. */
export async function freshDatabase(template: string = TEMPLATE): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(`CREATE DATABASE "${name}" TEMPLATE "${template}" STRATEGY FILE_COPY`);
  return { url: urlOfDatabase(name), drop: async () => void (await asSuperuser(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)) };
}

/** One for each database that shares the Temporal server with others. */
export const RANGES = 'number_range';
const A_RANGE = 10_000;

/** Test databases share one Temporal server: their request and order numbers, and so their workflow ids, must differ. */
export async function numbersOfItsOwn(databaseUrl: string): Promise<void> {
  const { rows } = await asSuperuser(`select nextval('${RANGES}') as range`);
  const first = Number(rows[0]?.range) * A_RANGE + 1;
  for (const sequence of ['change_request_number', 'supervision_order_number'])
    await asSuperuser(`alter sequence ${sequence} restart with ${first}`, databaseUrl);
}
