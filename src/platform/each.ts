import { isOutage } from './database/in-scope.js';

/**
 * Does the work for each item in turn, until told to stop. One that fails does not keep the others from their turn; an outage does, because
 * it would fail them all. False when stopped before the end.
 * @throws the first failure, after all had their turn
 */
export async function eachInTurn<T>(items: readonly T[], work: (item: T) => Promise<unknown>, stop?: AbortSignal): Promise<boolean> {
  const failures: unknown[] = [];
  for (const item of items) {
    if (stop?.aborted) break;
    await work(item).catch((error: unknown) => {
      if (isOutage(error)) throw error;
      failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
  return stop?.aborted !== true;
}

/** The same for what is found page by page, each after the last item of the one before. */
export async function eachInPages<T>(
  next: (after: T | undefined) => Promise<readonly T[]>,
  size: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for (let page = await next(undefined); ; page = await next(page.at(-1))) {
    await eachInTurn(page, work).catch((error: unknown) => {
      if (isOutage(error)) throw error;
      failures.push(error);
    });
    if (page.length < size) break;
  }
  if (failures.length > 0) throw failures[0];
}
