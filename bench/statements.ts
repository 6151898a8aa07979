import { Measurements } from './measurements.js';
import type { Subject } from './closed-loop.js';
import type { Engines } from './system.js';

export interface StatementCount {
  /** Executions in one case: filing, four decisions, the process and the load's own inbox reads. */
  readonly perCase: number;
  /** Mean milliseconds inside PostgreSQL. */
  readonly executionMs: number;
  /** Milliseconds of planning, spread over all executions. */
  readonly planningMs: number;
  readonly statement: string;
}

const CASES = 20;

/** Counts what PostgreSQL executes for a case, by pg_stat_statements: each is a round trip, but for those sent together. */
export async function statementsPerCase(engines: Engines, subject: Subject): Promise<StatementCount[]> {
  await engines.sql('product', 'create extension if not exists pg_stat_statements');
  await engines.sql('product', 'select pg_stat_statements_reset()');
  for (let n = 0; n < CASES; n += 1) await subject.carryCase(new Measurements());
  return engines.sql<StatementCount>(
    'product',
    `select round(calls::numeric / $1, 1)::float as "perCase", round(mean_exec_time::numeric, 3)::float as "executionMs",
       round((total_plan_time / calls)::numeric, 3)::float as "planningMs",
       left(regexp_replace(query, '\\s+', ' ', 'g'), 110) as statement
     from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database()) and calls >= $1
     order by calls desc, query`,
    [CASES],
  );
}
