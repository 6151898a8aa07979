import { createReadStream } from 'node:fs';
import { connect } from 'node:net';
import { Problem } from '../platform/http/problem.js';
import type { Config } from '../platform/config.js';

/** Scans a file before it is kept. It throws when it cannot, because a file that was not scanned is not accepted. */
export interface Scanner {
  scan(file: string): Promise<'clean' | 'malware'>;
}
export const SCANNER = Symbol('the scanner');

const LONGEST = 30_000;

/** clamd over TCP, by its INSTREAM command: chunks with their length before them, an empty one at the end. */
export class Clamd implements Scanner {
  constructor(
    private readonly at: { readonly host: string; readonly port: number },
    private readonly longest = LONGEST,
  ) {}

  /** @throws Problem scanner-unavailable when it cannot be reached, is too slow, or answers neither OK nor FOUND */
  async scan(file: string): Promise<'clean' | 'malware'> {
    const reply = await this.asked(file).catch(() => '');
    if (/^stream: OK\0?$/.test(reply)) return 'clean';
    if (/^stream: .+ FOUND\0?$/.test(reply)) return 'malware';
    throw new Problem('scanner-unavailable', { retryAfterSeconds: 30 });
  }

  private asked(file: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.at);
      let reply = '';
      const timer = setTimeout(() => socket.destroy(new Error('too slow')), this.longest);
      socket
        .on('data', (data) => (reply += data.toString('latin1')))
        .on('error', reject)
        .on('close', () => (clearTimeout(timer), resolve(reply)))
        .once('connect', () => {
          sendTo((data) => socket.write(data), file).catch((error: Error) => socket.destroy(error));
        });
    });
  }
}

async function sendTo(write: (data: Buffer | string) => unknown, file: string): Promise<void> {
  write('zINSTREAM\0');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    write(lengthOf(chunk));
    write(chunk);
  }
  write(Buffer.alloc(4));
}

function lengthOf(chunk: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(chunk.length);
  return length;
}

/** Without a configured one nothing is looked through. */
export const scannerFrom = ({ scanner }: Pick<Config, 'scanner'>): Scanner =>
  scanner ? new Clamd(scanner) : { scan: () => Promise.resolve('clean') };
