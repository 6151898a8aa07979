import type { Logger } from 'pino';
import { systemClock } from './clock.js';

/** Temporal waits for a workflow task for so long. What a process held while it stood still for longer was given to others. */
const LONGEST = 10_000;
/** EX_TEMPFAIL: whoever supervises the process starts it again. */
const STOOD_STILL = 75;

/** Milliseconds since some instant. The steady clock stands still with a suspended machine; the wall clock does not. */
const clocks = (): readonly number[] => [performance.now(), systemClock.now()];

/**
 * Ends this process as soon as it finds that it stood still: stopped, suspended with its machine, or starved of CPU. Its SDK holds tasks
 * and polls of the time before, and Node may break. A fresh process holds nothing (docs/decisions/0094-a-worker-that-stood-still.md).
 */
export function endAfterStandstill(log: Logger, longest = LONGEST, end = (): void => process.exit(STOOD_STILL)): NodeJS.Timeout {
  let last = clocks();
  return setInterval(() => {
    const now = clocks();
    const stood = Math.round(Math.max(...now.map((reading, n) => reading - last[n]!)));
    last = now;
    if (stood <= longest) return;
    log.error({ milliseconds: stood }, 'this process stood still for longer than its tasks last: it ends, and a fresh one goes on');
    end();
  }, longest / 10).unref();
}
