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
/** Milliseconds for which a thread that has nothing to do is kept, because to load its libraries takes longer than most work. */
const KEPT = 5000;

let running = 0;
const waiting: (() => void)[] = [];
const idle = new Map<string, Worker[]>();

/** Does costly work on input from outside when it is its turn. @throws NoThreadFree */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new NoThreadFree();
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/**
 * Runs a script that reads what others made, such as a workbook, in a thread of its own. Nobody else waits for it, whatever it does.
 * The script takes its input by `answering`. It sees no variable of the environment.
 * @throws OutOfBounds, NoThreadFree, or what the script threw
 */
export const inThread = <T>(script: URL, input: unknown, bounds: Bounds): Promise<T> =>
  inTurn(async () => {
    const thread = idle.get(script.href)?.pop() ?? started(script, bounds);
    try {
      const answer = await answerOf<T>(thread, input, bounds);
      keep(script, thread);
      return answer;
    } catch (error) {
      await thread.terminate();
      throw error;
    }
  });

function started(script: URL, { megabytes }: Bounds): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 32 };
  const thread = new Worker(script, { resourceLimits, env: {}, execArgv: [] });
  thread.on('error', () => undefined); // a thread that fails while nobody waits for it ends nobody else
  thread.once('exit', () => forget(script, thread));
  return thread;
}

async function answerOf<T>(thread: Worker, input: unknown, { milliseconds }: Bounds): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  let stop = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      const heard = ({ answer }: { answer: T }) => resolve(answer);
      const failed = (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new OutOfBounds('took too much memory') : error);
      const ended = () => reject(new Error('the thread ended without an answer'));
      late = setTimeout(() => reject(new OutOfBounds('took too long')), milliseconds);
      thread.on('message', heard).on('error', failed).on('exit', ended);
      // One by one: the thread hears its messages by listeners of its own.
      stop = () => void thread.off('message', heard).off('error', failed).off('exit', ended);
      thread.ref();
      thread.postMessage(input);
    });
  } finally {
    clearTimeout(late);
    stop();
  }
}

/** The thread waits for a while for more of the same. */
function keep(script: URL, thread: Worker): void {
  idle.set(script.href, [...(idle.get(script.href) ?? []), thread]);
  thread.unref();
  setTimeout(() => {
    if (forget(script, thread)) void thread.terminate();
  }, KEPT).unref();
}

/** Whether it had nothing to do. */
function forget(script: URL, thread: Worker): boolean {
  const same = idle.get(script.href) ?? [];
  idle.set(
    script.href,
    same.filter((one) => one !== thread),
  );
  return same.includes(thread);
}
