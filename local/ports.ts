import { randomInt } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

function bind(port: number, host?: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}

/**
 * A port on 127.0.0.1 that nobody listens on now. It is below those that the system gives to outgoing connections: one of these could take
 * the port between this answer and the server that is started on it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = await bind(randomInt(10_240, 32_768), '127.0.0.1');
    if (port !== undefined) return port;
  }
  throw new Error('no free port on 127.0.0.1');
}

/** Whether somebody listens on this port of 127.0.0.1. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/**
 * Whether a server can listen on this port, on the loopback address and on every address: now or in a second, because a killed process
 * holds its ports a moment longer than it seems to live.
 */
export async function portIsFree(port: number): Promise<boolean> {
  for (const until = Date.now() + 1_000; ; await sleep(50)) {
    if ((await bind(port, '127.0.0.1')) !== undefined && (await bind(port)) !== undefined) return true;
    if (Date.now() > until) return false;
  }
}
