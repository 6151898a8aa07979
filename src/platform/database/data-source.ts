import { DataSource, type DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations/index.js';
import { SnakeNaming } from './snake-naming.js';

export type EntityClass = new () => object;

/**
 * The application's connections: always the role `xueji_app`, which owns nothing and can neither change nor remove an act. Entities are
 * those that its transactions reach repositories of.
 */
export const applicationOptions = (
  url: string,
  pool: number,
  applicationName: string,
  entities: readonly EntityClass[] = [],
): DataSourceOptions => ({
  type: 'postgres',
  url,
  poolSize: pool,
  applicationName,
  migrations: [],
  entities: [...entities],
  namingStrategy: new SnakeNaming(),
  synchronize: false,
  // Generic plans: the statements are prepared and few, and planning the inbox anew took eight times its execution. A plan
  // that was made while a table was small must not scan the whole of it later. Every statement here finds its rows by an index.
  extra: {
    options: [
      'role=xueji_app',
      'timezone=UTC',
      'statement_timeout=15000',
      'lock_timeout=5000',
      'idle_in_transaction_session_timeout=20000',
      'plan_cache_mode=force_generic_plan',
      'enable_seqscan=off',
      'jit=off',
    ]
      .map((one) => `-c ${one}`)
      .join(' '),
    connectionTimeoutMillis: 5000,
    pipeline: true,
  },
});

/** The owner's single connection, for migrations. */
export const ownerOptions = (url: string): DataSourceOptions => ({
  type: 'postgres',
  url,
  poolSize: 1,
  migrations: MIGRATIONS,
  entities: [],
});

export async function connected(options: DataSourceOptions): Promise<DataSource> {
  return new DataSource(options).initialize();
}

/** What `pg` says of its pool, which TypeORM's driver holds. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** The connections of a pool, and how many callers wait for one. */
export function poolOf({ driver }: DataSource): { busy: number; idle: number; waiting: number } {
  const { totalCount, idleCount, waitingCount } = (driver as unknown as { master: Pool }).master;
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
