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

export async function asSuperuser(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own for a test file, copied from a template; `drop` ends what is still connected. */
export async function freshDatabase(template: string = TEMPLATE): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(`CREATE DATABASE "${name}" TEMPLATE "${template}" STRATEGY FILE_COPY`);
  return { url: urlOfDatabase(name), drop: () => asSuperuser(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}
