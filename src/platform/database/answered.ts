import type { Socket } from 'node:net';
import type { ClientBase } from 'pg';

/** Milliseconds after which an answer counts as lost, because a statement ends itself earlier (statement_timeout). */
const LONGEST = 16_000;
/** For statements that do nothing but end what others did. */
export const SOON = 5_000;

/**
 * Thrown when the database did not answer in time or the connection broke. The statement may have happened or not. The SQLSTATE is that of
 * a connection failure, so clients get 503 and ask again with the same key.
 */
export class ConnectionLost extends Error {
  readonly code = '08006';
  constructor(options?: ErrorOptions) {
    super('the connection to the database was lost', options);
  }
}

/**
 * Waits at most so many milliseconds for a connection's answer. The server's timeouts do not help if the network loses its answer. Without
 * this limit a lost answer to COMMIT would hold the client and the connection for ever.
 * @throws ConnectionLost, and the connection is then ended and never returns to the pool
 */
export async function answered<T>(client: ClientBase, asked: Promise<T>, within = LONGEST): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionLost()), within);
  });
  try {
    return await Promise.race([asked, silence]);
  } catch (error) {
    asked.catch(() => undefined);
    if (!isLost(error)) throw error;
    destroyConnection(client);
    throw error instanceof ConnectionLost ? error : new ConnectionLost({ cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** A broken connection has no SQLSTATE: the driver says in words what happened. */
const isLost = (error: unknown): boolean =>
  error instanceof ConnectionLost ||
  (error instanceof Error &&
    !('severity' in error) &&
    /Connection terminated|not queryable|Connection ended|ECONNRESET|EPIPE/.test(error.message));

/** Ends a connection at once, without waiting for what it still owes; the pool drops an ended one when it gets it back. */
export function destroyConnection(client: ClientBase): void {
  const { connection } = client as unknown as { connection: { stream: Socket } };
  (client as ClientBase & { end(): Promise<void> }).end().catch(() => undefined);
  connection.stream.destroy();
}
