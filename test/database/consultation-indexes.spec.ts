import type { DataSource } from 'typeorm';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { OVERDUE_CONSULTATIONS } from '../../src/tasks/overdue-consultations.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';

describe('consultations are found by an index', () => {
  let database: TestDatabase;
  let db: DataSource;
  beforeAll(async () => {
    database = await freshDatabase();
    db = await connected(applicationOptions(database.url, 1, 'plans'));
  });
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  /** The plan, which does not depend on the table's size: the application scans no whole table where it has an index. */
  const planOf = async (sql: string, values: unknown[]): Promise<string> => {
    const rows = await inScope(db, 'process', (tx) => tx.query<Record<string, string>[]>(`explain (costs off) ${sql}`, values));
    return rows.map((row) => row['QUERY PLAN'] ?? '').join('\n');
  };

  it('of one request', async () => {
    const plan = await planOf('select id from consultation where request_id = $1', ['00000000-0000-0000-0000-000000000000']);
    expect(plan).toMatch(/Index Scan (using|on) consultation_of_request/);
  });

  it('those that nobody has answered, by their date', async () => {
    const plan = await planOf(OVERDUE_CONSULTATIONS, ['2026-11-23']);
    expect(plan).toMatch(/Index Scan using consultation_unanswered .*\n\s*Index Cond: \(due_date </);
  });
});
