import { parentPort } from 'node:worker_threads';

/** What the script of a thread does with each input that `inThread` gives it. What it throws ends the thread. */
export function answering<I, O>(work: (input: I) => Promise<O>): void {
  parentPort?.on('message', (input: I) => {
    void work(input).then(
      (answer) => parentPort?.postMessage({ answer }),
      (error: unknown) =>
        setImmediate(() => {
          throw error;
        }),
    );
  });
}
