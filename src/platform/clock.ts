/** The one clock of the API and the activities. Tests move it together with Temporal's. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
export const CLOCK = Symbol('the clock');

/** An instant as the API shows it: ISO 8601 in Asia/Shanghai. */
export const isoInShanghai = (epochMs: number): string => new Date(epochMs + 8 * 3_600_000).toISOString().replace('Z', '+08:00');

/** The same of an instant that may not have come. */
export const isoIfAny = (at: Date | null | undefined): string | null => (at ? isoInShanghai(at.getTime()) : null);
