import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Clamd } from '../../src/evidence/scanner.js';
import { until } from '../fixtures/story.js';

/** Milliseconds that these scans may take. */
const LONGEST = 500;
const UNAVAILABLE = { code: 'scanner-unavailable' };

const drip = (socket: Socket): void => {
  const dripping = setInterval(() => socket.write('s'), 20);
  socket.on('close', () => clearInterval(dripping));
};

describe('a scanner of uploads', () => {
  let folder: string;
  let server: Server;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'scanner-'));
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Scans so many bytes with a daemon that does this with each connection. */
  async function scanned(serve: (socket: Socket) => void, bytes = 1000): Promise<unknown> {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      serve(socket);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const file = path.join(folder, 'file');
    await writeFile(file, Buffer.alloc(Math.min(bytes, 5_000_000), 7));
    await truncate(file, bytes);
    return new Clamd({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, LONGEST).scan(file).catch((e: unknown) => e);
  }
  const endsWithNothing = (data: Buffer) => data.subarray(-4).equals(Buffer.alloc(4));
  const says = (reply: string) => (socket: Socket) => {
    socket.on('data', (data) => endsWithNothing(data) && socket.end(reply));
  };

  it('says what the daemon says, of a file of any size', async () => {
    expect(await scanned(says('stream: OK\0'))).toBe('clean');
    expect(await scanned(says('stream: OK\0'), 5_000_000)).toBe('clean');
    expect(await scanned(says('stream: Eicar-Test-Signature FOUND\0'))).toBe('malware');
    expect(await scanned(says('stream: x: OK FOUND\0'))).toBe('malware');
  });

  it.each(['', 'OK', 'stream: OK\0junk', 'ERROR\nstream: OK\0', 'INSTREAM size limit exceeded. ERROR\0'])(
    'takes no word but these for an answer: %j',
    async (reply) => {
      expect(await scanned(says(reply))).toMatchObject(UNAVAILABLE);
    },
  );

  it.each([
    ['says nothing', (socket: Socket) => void socket.resume()],
    ['reads nothing', (socket: Socket) => void socket.pause()],
    ['says a little at a time and never ends', drip],
    ['says more than an answer holds', (socket: Socket) => void socket.resume().write('s'.repeat(10_000_000))],
    ['hangs up at once', (socket: Socket) => void socket.destroy()],
    ['hangs up while it is told the file', (socket: Socket) => void socket.once('data', () => socket.destroy())],
    [
      'answers before it has the file',
      (socket: Socket) => void socket.once('data', () => socket.end('INSTREAM size limit exceeded. ERROR\0')),
    ],
  ])('that %s is unavailable, within its time, and its connection is closed', async (_what, serve) => {
    const began = Date.now();
    expect(await scanned(serve, 20_000_000)).toMatchObject(UNAVAILABLE);
    expect(Date.now() - began).toBeLessThan(LONGEST + 5_000);
    for (const socket of sockets) socket.resume(); // a socket that is not read from does not hear of its end
    await until(() => Promise.resolve(sockets.size), (left) => left === 0, 'the connection to be closed'); // prettier-ignore
  });

  it('holds little of a large file in memory while the daemon does not read', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const answer = scanned((socket) => void socket.pause(), 100_000_000);
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 10);
    expect(await answer).toMatchObject(UNAVAILABLE);
    clearInterval(watch);
    expect(most).toBeLessThan(50_000_000);
  });
});
