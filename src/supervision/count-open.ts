import type { DataSource } from 'typeorm';
import { inScope } from '../platform/database/in-scope.js';

const AT_ONCE = 20_000;

/**
 * Folds the latest changes of open tasks into their counts; true when there is more. Without it the counts are right, but slower to read.
 */
export const foldOpenTasks = (db: DataSource): Promise<boolean> =>
  inScope(db, 'system', async (tx) => {
    const [{ n }] = await tx.query<[{ n: number }]>('select fold_open_task_changes($1) as n', [AT_ONCE]);
    return n === AT_ONCE;
  });
