import type { DataSource } from 'typeorm';
import { inScope } from '../platform/database/in-scope.js';

const AT_ONCE = 20_000;

/**
 * Adds what opened, ended and moved since to the counts of open tasks; true when there is more. The counts are right without it, only
 * slower.
 */
export const foldOpenTasks = (db: DataSource): Promise<boolean> =>
  inScope(db, 'system', async (tx) => {
    const [{ n }] = await tx.query<[{ n: number }]>('select fold_open_task_changes($1) as n', [AT_ONCE]);
    return n === AT_ONCE;
  });
