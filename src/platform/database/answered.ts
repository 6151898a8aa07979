import type { Socket } from 'node:net';
import type { ClientBase } from 'pg';

/** A statement ends itself earlier (statement_timeout); who waits longer waits for an answer that was lost. */
const LONGEST = 16_000;
/** For statements that do nothing but end what others did. */
export const SOON = 5_000;

/**
 * Thrown when the database did not answer in time or the connection broke: what was asked may have happened or not. Carries the
 * SQLSTATE of a connection failure, so clients are told 503 and ask again with the same key.
 */
export class ConnectionLost extends Error {
  readonly code = '08006';
  constructor(options?: ErrorOptions) {
    super('the connection to the database was lost', options);
  }
}

/**
 * Waits for a connection's answer so many milliseconds at most. The server's own timeouts do not help when the network swallows its
 * answer: without this a lost answer to COMMIT holds the client and the connection for ever.
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
