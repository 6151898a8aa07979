import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the proxy loses of the next transaction that appends an act: the COMMIT itself, or the answer to it. */
export type Loss = 'commit' | 'answer';

/** A wire to a server that a test can slow down, cut, or let lose a COMMIT. */
export class Proxy {
  private readonly pairs = new Set<[Socket, Socket]>();
  private losses: Loss[] = [];
  /** Milliseconds that each way takes. */
  delay = 0;
  /** Nothing passes any more, but nothing is closed either: a network that drops packets. */
  silent = false;
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

  lose(...losses: Loss[]): void {
    this.losses.push(...losses);
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const server = connect(this.target);
    const pair: [Socket, Socket] = [client, server];
    this.pairs.add(pair);
    let appends = false;
    let dead: Loss | undefined;
    const later = (work: () => void) => (this.delay > 0 ? void setTimeout(work, this.delay) : work());
    client.on('data', (data) => {
      if (data.includes('insert into act (')) appends = true;
      if (data.includes('commit\0')) {
        if (appends && !dead) dead = this.losses.shift();
        if (appends && dead) this.lost += 1;
        appends = false;
      }
      if (dead !== 'commit' && !this.silent) later(() => server.write(data));
    });
    server.on('data', (data) => {
      if (!dead && !this.silent) later(() => client.write(data));
    });
    const end = () => {
      client.destroy();
      server.destroy();
      this.pairs.delete(pair);
    };
    for (const socket of pair) socket.on('close', end).on('error', end);
  }
}
