import { Worker } from 'node:worker_threads';

/** What a thread may take before it is ended. */
export interface Bounds {
  /** By the clock, from its start. */
  readonly milliseconds: number;
  /** Of the heap, 2^20 bytes each. */
  readonly megabytes: number;
}

/** The work took more time or memory than its bounds, so its thread was ended. */
export class OutOfBounds extends Error {}
/** More work waits for a thread than will be done soon. */
export class NoThreadFree extends Error {}

/** Two fill the cores of a small machine, and their heaps bound what hostile input may take of its memory. */
const AT_ONCE = 2;
const MOST_WAITING = 32;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs a script that reads what others made, such as a workbook, in a thread of its own. Nobody else waits for it, whatever it does.
 * The script finds the input as `workerData` and posts one answer. It sees no variable of the environment.
 * @throws OutOfBounds, NoThreadFree, or what the script threw
 */
export async function inThread<T>(script: URL, input: unknown, bounds: Bounds): Promise<T> {
  await aTurn();
  try {
    return await answerOf<T>(script, input, bounds);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

async function aTurn(): Promise<void> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new NoThreadFree();
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
}

async function answerOf<T>(script: URL, input: unknown, { milliseconds, megabytes }: Bounds): Promise<T> {
  const resourceLimits = { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 32 };
  const thread = new Worker(script, { workerData: input, resourceLimits, env: {}, execArgv: [] });
  let late: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      late = setTimeout(() => reject(new OutOfBounds('took too long')), milliseconds);
      thread.once('message', resolve);
      thread.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new OutOfBounds('took too much memory') : error),
      );
      thread.once('exit', () => reject(new Error('the thread ended without an answer')));
    });
  } finally {
    clearTimeout(late);
    await thread.terminate();
  }
}
