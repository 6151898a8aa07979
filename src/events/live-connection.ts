import type { Response } from 'express';
import type { Caller } from '../platform/access/caller.js';

/** Headers under which no proxy keeps what is sent, packs it or waits for more. */
const STREAM = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;
/** After so many milliseconds a client that lost its connection asks again. */
const ASK_AGAIN = 2000;

/** A message as an `EventSource` reads it. */
export interface LiveMessage {
  readonly event: 'ready' | 'reset' | 'request' | 'notification' | 'job';
  readonly data: object;
}

export const READY: LiveMessage = { event: 'ready', data: {} };
export const RESET: LiveMessage = { event: 'reset', data: {} };

/**
 * One reader. What a slow one cannot take is not kept for it: it is told `reset` when it takes again. So a reader costs no more than the
 * buffer of its socket.
 */
export class LiveConnection {
  /** Whether it knows where it stands. */
  told = false;
  private full = false;
  private fullSince = 0;
  private missed = false;

  constructor(
    public caller: Caller,
    /** Where the reader was before, as it says; undefined for a new one. */
    readonly after: string | undefined,
    readonly openedAt: number,
    private readonly response: Response,
    private readonly position: () => string,
  ) {
    response.writeHead(200, STREAM);
    response.write(`retry: ${ASK_AGAIN}\n\n`);
    response.on('drain', () => this.taking());
  }

  /** Whether the reader has taken nothing for so long. */
  isStuck(now: number, longest: number): boolean {
    return this.full && now - this.fullSince > longest;
  }

  /**
   * Sends what one look found. The last message alone says the place, so that whoever loses the connection between two gets both again.
   * @param now epoch milliseconds of this machine
   */
  send(messages: readonly LiveMessage[], now: number): void {
    const texts = messages.map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n`);
    if (texts.length > 0) this.write(`${texts.join('\n')}id: ${this.position()}\n\n`, now);
  }

  /** Keeps proxies from taking the connection for a dead one, and the reader's place from growing old. Without data nothing is heard. */
  beat(now: number): void {
    if (this.told && !this.full) this.write(`id: ${this.position()}\n\n`, now);
  }

  end(reason: 'session' | 'lifetime' | 'shutdown'): void {
    if (this.full) return this.destroy();
    this.response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
  }

  destroy(): void {
    this.response.destroy();
  }

  private write(text: string, now: number): void {
    if (this.full) this.missed = true;
    else if (!this.response.write(text)) {
      this.full = true;
      this.fullSince = now;
    }
  }

  private taking(): void {
    this.full = false;
    if (!this.missed) return;
    this.missed = false;
    this.send([RESET], this.fullSince);
  }
}
