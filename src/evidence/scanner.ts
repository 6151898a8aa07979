import { createReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Problem } from '../platform/http/problem.js';
import type { Config } from '../platform/config.js';

/** What a scan found; `notScanned` where no scanner is configured. */
export const SCAN_VERDICTS = ['clean', 'notScanned'] as const;
type ScanVerdict = (typeof SCAN_VERDICTS)[number] | 'malware';

/** Scans a file before it is kept. It throws when it cannot, because a file that was not scanned is not accepted. */
export interface Scanner {
  scan(file: string): Promise<ScanVerdict>;
}
export const SCANNER = Symbol('the scanner');

const LONGEST = 30_000;
/** Longer than any answer of clamd, whose longest part is the name of what it found. */
const MOST_CHARACTERS = 4096;

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

  private async asked(file: string): Promise<string> {
    const socket = connect(this.at);
    const timer = setTimeout(() => socket.destroy(new Error('too slow')), this.longest);
    const content = Readable.from(streamOf(file)).on('error', (error) => socket.destroy(error));
    content.pipe(socket, { end: false });
    try {
      return await replyOf(socket);
    } finally {
      clearTimeout(timer);
      content.destroy();
      socket.destroy();
    }
  }
}

async function replyOf(socket: Socket): Promise<string> {
  let reply = '';
  for await (const data of socket as AsyncIterable<Buffer>) {
    reply += data.toString('latin1');
    if (reply.length > MOST_CHARACTERS) throw new Error('not an answer of clamd');
  }
  return reply;
}

async function* streamOf(file: string): AsyncGenerator<Buffer> {
  yield Buffer.from('zINSTREAM\0');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    yield lengthOf(chunk);
    yield chunk;
  }
  yield Buffer.alloc(4);
}

function lengthOf(chunk: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(chunk.length);
  return length;
}

/** Without a configured one nothing is looked through. */
export const scannerFrom = ({ scanner }: Pick<Config, 'scanner'>): Scanner =>
  scanner ? new Clamd(scanner) : { scan: () => Promise.resolve('notScanned') };
