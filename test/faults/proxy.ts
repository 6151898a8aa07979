import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the proxy loses of the next transaction that appends an act: the COMMIT itself, or the answer to it. */
export type Loss = 'commit' | 'answer';

/** A wire to a server that a test can slow down, disturb, cut, or let lose a COMMIT or every answer. */
export class Proxy {
  private readonly pairs = new Set<[Socket, Socket]>();
  private losses: Loss[] = [];
  /** Milliseconds that each way takes. */
  delay = 0;
  /** Nothing passes any more, but nothing is closed either: a network that drops packets. */
  silent = false;
  /** What is asked arrives; the answer does not, and the connection is reset. */
  answerless = false;
  /** Whoever connects is turned away. */
  closed = false;
  /** Draws, from 0 to 1, how late each packet is (up to 20 ms) and how it is cut; in order, as TCP gives it on. */
  jitter?: () => number;
  lost = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static async to(host: string, port: number): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server, { host, port });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The same database, through this wire. */
  through(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** The address of a server that has no database in it. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, and lets no new one through until `mend`. */
  cut(): void {
    this.closed = true;
    for (const [client] of this.pairs) client.destroy();
  }

  mend(): void {
    Object.assign(this, { closed: false, silent: false, answerless: false, delay: 0, jitter: undefined });
  }

  lose(...losses: Loss[]): void {
    this.losses.push(...losses);
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    if (this.closed) return void client.destroy();
    const server = connect(this.target);
    const pair: [Socket, Socket] = [client, server];
    this.pairs.add(pair);
    let appends = false;
    let dead: Loss | undefined;
    const later = (work: () => void) => (this.delay > 0 ? void setTimeout(work, this.delay) : work());
    const [there, back] = [new Queue(server), new Queue(client)];
    const pass = (queue: Queue, data: Buffer) =>
      this.jitter ? queue.push(data, this.jitter) : queue.after(() => later(() => queue.to.write(data)));
    client.on('data', (data) => {
      if (data.includes('insert into act (')) appends = true;
      if (data.includes('commit\0')) {
        if (appends && !dead) dead = this.losses.shift();
        if (appends && dead) this.lost += 1;
        appends = false;
      }
      if (dead !== 'commit' && !this.silent) pass(there, data);
    });
    server.on('data', (data) => {
      if (this.answerless) {
        this.lost += 1;
        client.resetAndDestroy();
      } else if (!dead && !this.silent) pass(back, data);
    });
    const end = () => {
      client.destroy();
      server.destroy();
      this.pairs.delete(pair);
    };
    for (const socket of pair) socket.on('close', end).on('error', end);
  }
}

/** One way of a disturbed connection: what comes later waits for what came before. */
class Queue {
  private last: Promise<void> | undefined;

  constructor(readonly to: Socket) {}

  /** In pieces, each late by as much as was drawn. */
  push(data: Buffer, draw: () => number): void {
    for (let at = 0; at < data.length;) {
      const piece = data.subarray(at, at + 1 + Math.floor(draw() * draw() * 4000));
      at += piece.length;
      const late = draw() < 0.9 ? 0 : draw() * 20;
      this.last = (this.last ?? Promise.resolve())
        .then(() => (late > 0 ? new Promise<void>((resolve) => void setTimeout(resolve, late)) : undefined))
        .then(() => void this.to.write(piece));
    }
  }

  /** At once, unless something is on its way. */
  after(work: () => void): void {
    if (this.last) this.last = this.last.then(work);
    else work();
  }
}
