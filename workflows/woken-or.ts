import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';

export const A_SECOND = 1000;

/** Waits for a wake or an instant, at least a second. In the UI the timer says what it waits for. */
export async function wokenOr(until: number | undefined, woken: () => boolean, summary: string): Promise<void> {
  if (until === undefined) return condition(woken);
  const scope = new CancellationScope();
  const timer = scope
    .run(() => sleep(Math.max(A_SECOND, until - Date.now()), { summary }))
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  await Promise.race([timer, condition(woken)]);
  scope.cancel();
}
