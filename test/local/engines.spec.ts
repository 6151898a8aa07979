import pg from 'pg';
import { Connection } from '@temporalio/client';
import { freshDatabase } from '../engines/databases.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('the engines of the tests', () => {
  it('give each test file a database of its own', async () => {
    const [one, other] = [await freshDatabase('template1'), await freshDatabase('template1')];
    await query(one.url, 'CREATE TABLE mark (id int)');
    await expect(query(other.url, 'SELECT * FROM mark')).rejects.toMatchObject({ code: '42P01' });
    await one.drop();
    await other.drop();
    await expect(query(one.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('copy the migrated template for it', async () => {
    const database = await freshDatabase();
    expect(await query(database.url, "SELECT to_regclass('act') IS NOT NULL AS migrated")).toEqual([{ migrated: true }]);
    await database.drop();
  });

  it('compare Chinese text by trigrams', async () => {
    const database = await freshDatabase('template1');
    await query(database.url, 'CREATE EXTENSION pg_trgm');
    expect(await query(database.url, "SELECT similarity('学籍管理', '学籍管') > 0.4 AS alike")).toEqual([{ alike: true }]);
    await database.drop();
  });

  it('hold cases that an operator filters by stage, holder, province, deadline and overdue', async () => {
    const connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(['Stage', 'HolderOrg', 'Province', 'DueAt', 'Overdue']));
    await connection.close();
  });
});
