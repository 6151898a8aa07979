import type { QueryResult } from 'pg';
import type { EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';

/** Asks one statement of a transaction and answers as the driver does. */
export type RunStatement = (sql: string, values?: unknown[]) => Promise<QueryResult>;

/** As TypeORM answers: the rows, with their number when rows were changed or removed. */
export const driverRowsOf = ({ command, rows, rowCount }: QueryResult): unknown =>
  ['UPDATE', 'DELETE'].includes(command) ? [rows, rowCount] : rows;

/**
 * The repositories of a transaction that is under way: what they ask goes through it and nowhere else, and TypeORM begins none of its own.
 * Their statements have no name, because their texts are made from their arguments and a connection would keep every one.
 */
export function repositoriesOf(
  runner: QueryRunner,
  ask: RunStatement,
): <E extends ObjectLiteral>(entity: EntityTarget<E>) => Repository<E> {
  const query = async (sql: string, values?: unknown[], structured = false): Promise<unknown> => {
    const result = await ask(sql, values);
    return structured ? { raw: driverRowsOf(result), records: result.rows, affected: result.rowCount } : driverRowsOf(result);
  };
  Object.assign(runner, { query, isTransactionActive: true });
  return (entity) => runner.manager.getRepository(entity);
}
