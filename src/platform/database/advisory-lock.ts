import pg from 'pg';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { answered, destroyConnection, SOON } from './answered.js';

const LOCK = 'select pg_try_advisory_lock($1) as mine';
const UNLOCK = 'select pg_advisory_unlock($1)';
/** A session that holds locks says so often that its process lives. */
const BEAT = 5_000;
/** The server ends a lock session that was silent for so long, and with it its locks: its process was stopped or cut off. */
const LONGEST_SILENCE = 30_000;
/** A session without locks stays for the next pass of a loop. */
const LINGER = 10_000;

/**
 * The session that holds the advisory locks of one process. It is no connection of the pool, because work under a lock takes connections of
 * the pool. Locks that held those would wait for one another if the pool is small.
 */
class LockSession {
  private readonly held = new Map<number, AbortController>();
  private client: Promise<pg.Client> | undefined;
  private leaving: NodeJS.Timeout | undefined;

  constructor(private readonly options: DataSourceOptions) {}

  /** Undefined when another process, or another loop of this one, has the lock. */
  async take(key: number): Promise<AbortController | undefined> {
    if (this.held.has(key)) return undefined; // PostgreSQL would give a lock twice to one session
    const lock = new AbortController();
    this.held.set(key, lock);
    clearTimeout(this.leaving);
    try {
      const client = await (this.client ??= this.connect());
      const { rows } = await answered(client, client.query<{ mine: boolean }>(LOCK, [key]), SOON);
      if (rows[0]?.mine) return lock;
    } catch (error) {
      this.forget(key, lock);
      throw error;
    }
    this.forget(key, lock);
    return undefined;
  }

  async giveUp(key: number, lock: AbortController): Promise<void> {
    lock.abort();
    if (!this.forget(key, lock)) return;
    const client = await this.client;
    // A session that cannot be unlocked is ended, because it would hold the lock for ever.
    if (client) await answered(client, client.query(UNLOCK, [key]), SOON).catch(() => destroyConnection(client));
  }

  /** Whether the lock was still this one's; its session may have been lost and the key taken anew. */
  private forget(key: number, lock: AbortController): boolean {
    const still = this.held.get(key) === lock;
    if (still) this.held.delete(key);
    if (this.held.size === 0) this.leaveLater();
    return still;
  }

  private leaveLater(): void {
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => {
      const left = this.client;
      this.client = undefined;
      left?.then((client) => client.end()).catch(() => undefined);
    }, LINGER).unref();
  }

  private connect(): Promise<pg.Client> {
    const { url, applicationName, extra } = this.options as { url?: string; applicationName?: string; extra?: { options?: string } };
    const client = new pg.Client({
      connectionString: url,
      application_name: `${applicationName ?? 'xueji'}-locks`,
      options: `${extra?.options ?? ''} -c idle_session_timeout=${LONGEST_SILENCE}`,
      connectionTimeoutMillis: SOON,
      pipeline: true, // loops ask without waiting for one another
    } as pg.ClientConfig);
    const connected = client.connect().then(() => {
      (client as unknown as { unref(): void }).unref(); // a process that has nothing else to do may end
      return client;
    });
    const beating = setInterval(() => void answered(client, client.query('select 1'), SOON).catch(() => undefined), BEAT).unref();
    const lost = (): void => {
      clearInterval(beating);
      this.lose(connected);
    };
    client.on('error', () => undefined); // its end follows
    client.on('end', lost);
    connected.catch(lost);
    return connected;
  }

  /** The locks of a lost session are lost, and the work under them is told. */
  private lose(lost: Promise<pg.Client>): void {
    if (this.client !== lost) return;
    this.client = undefined;
    for (const lock of this.held.values()) lock.abort();
    this.held.clear();
  }
}

const sessions = new WeakMap<DataSource, LockSession>();

function sessionOf(db: DataSource): LockSession {
  const session = sessions.get(db) ?? new LockSession(db.options);
  sessions.set(db, session);
  return session;
}

/**
 * Does the work if this process gets the advisory lock, else nothing: of many processes one runs at a time. The lock is lost before the
 * work has ended when its session breaks, when the process hangs, and after `longest` milliseconds. `lost` then tells the work to stop.
 * A process that was stopped is told only when it goes on, so the work must bear a second one beside it for that long.
 */
export async function underAdvisoryLock<T>(
  db: DataSource,
  key: number,
  work: (lost: AbortSignal) => Promise<T>,
  longest = 60_000,
): Promise<T | undefined> {
  const session = sessionOf(db);
  const lock = await session.take(key);
  if (!lock) return undefined;
  const tooLong = setTimeout(() => void session.giveUp(key, lock).catch(() => undefined), longest).unref();
  try {
    return await work(lock.signal);
  } finally {
    clearTimeout(tooLong);
    await session.giveUp(key, lock);
  }
}
