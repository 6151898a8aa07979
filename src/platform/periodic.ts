import type { Logger } from 'pino';
import { systemClock } from './clock.js';

/** When a loop last ended a round, and when one last failed: epoch milliseconds. */
export interface Round {
  readonly ended: number;
  readonly failed?: number;
}

const rounds = new Map<string, Round>();
/** The last round of each loop of this process, by what it does. */
export const lastRounds = (): ReadonlyMap<string, Round> => rounds;

/** A loop that runs until it is stopped. `stop` resolves when the present pass has ended. */
export interface Periodic {
  stop(): Promise<void>;
}

/**
 * Does the work again and again with a pause between; a pass that answers `true`, there is more, is followed at once. Failures are logged.
 */
export function periodically(every: number, log: Logger, what: string, work: () => Promise<unknown>): Periodic {
  let stopped = false;
  let wake = (): void => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, every);
      wake = () => (clearTimeout(timer), resolve());
    });
  const loop = async (): Promise<void> => {
    while (!stopped) {
      let failed = false;
      const more = await work().catch((error: unknown) => {
        log.error({ err: error }, `${what} failed`);
        failed = true;
      });
      const ended = systemClock.now();
      rounds.set(what, { ended, failed: failed ? ended : rounds.get(what)?.failed });
      if (more !== true && !stopped) await pause();
    }
  };
  const running = loop();
  return {
    stop: () => {
      stopped = true;
      wake();
      return running;
    },
  };
}
