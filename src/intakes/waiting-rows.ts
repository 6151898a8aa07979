import type { DataSource } from 'typeorm';
import type { CaseDeps } from '../cases/cases.store.js';
import { registerReady } from '../dossier/registering.js';
import { inScope } from '../platform/database/in-scope.js';

const AT_ONCE = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Rows that both reviews approved and that are not registered yet, page by page. */
const WAITING = `
  select id, student_id as "studentId" from registration where review = 'approved' and registered_at is null and id > $1
  order by id limit ${AT_ONCE}`;

/**
 * Looks again at approved rows that something kept from their registration, and registers whom nothing keeps any more:
 * 1. The cut-off, until the province opens a window (A6).
 * 2. A record elsewhere, until it is settled.
 */
export async function registerWaitingRows({ db, ...deps }: CaseDeps & { readonly db: DataSource }): Promise<void> {
  for (let after = FIRST; ;) {
    const rows = await inScope(db, 'process', async (tx) => {
      const page = await tx.query<{ id: string; studentId: string }[]>(WAITING, [after]);
      const students = page.map(({ studentId }) => studentId);
      await tx.query('select 1 from student where id = any($1::uuid[]) order by id for update', [students]);
      await registerReady(tx, deps, students);
      return page;
    });
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return;
    after = last.id;
  }
}
