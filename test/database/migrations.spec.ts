import { migrate } from '../../src/programs/migrate.js';
import { asSuperuser, freshDatabase, type TestDatabase } from '../engines/databases.js';

describe('the migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase('template1');
  });
  afterAll(() => database?.drop());

  it('make an empty database whole, each once, in the order of their names', async () => {
    const applied = await migrate(database.url);
    expect(applied.length).toBeGreaterThan(0);
    expect(applied).toEqual([...applied].sort((a, b) => a.slice(-13).localeCompare(b.slice(-13))));
    await expect(migrate(database.url)).resolves.toEqual([]);
  });

  it('grant the application what keeps the statistics of the working days', async () => {
    const { rows } = await asSuperuser(
      `select has_table_privilege('xueji_app', 'working_day', 'maintain') as may, has_table_privilege('xueji_app', 'act', 'update') as not`,
      database.url,
    );
    expect(rows).toEqual([{ may: true, not: false }]);
  });

  it('refuse a database from before the first release, which has tables and none of their names', async () => {
    await asSuperuser(`insert into migrations (timestamp, name) values (1700000000060, 'NoticesOfTerms1700000000060')`, database.url);
    await expect(migrate(database.url)).rejects.toThrow('from before the first release');
  });
});
