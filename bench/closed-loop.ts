import { Measurements } from './measurements.js';

/** One way to carry the workload: a case is a filing and four times an inbox read and a decision. */
export interface Subject {
  readonly name: string;
  /** Carries one case from its filing to its end; `into` collects what was measured on the way. */
  carryCase(into: Measurements): Promise<void>;
  close(): Promise<void>;
}

/**
 * How long a person looks at a task before deciding, in the subjects that run on Temporal. Without it the next decision came while the
 * workflow still ran: the bare one then took it along in the task that ended its activity, and never once went to sleep or was woken.
 */
export const A_LOOK_MS = 100;

/**
 * So many clients, each carrying one case after the other; whoever is in the middle of one when the time is over finishes it unmeasured.
 */
export async function slice(subject: Subject, clients: number, seconds: number, into: Measurements): Promise<void> {
  const began = performance.now();
  const until = began + seconds * 1000;
  const own = new Measurements();
  let counted = 0;
  const stop = new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000)).then(() => {
    counted = own.acknowledged.length;
    for (const what of ['filed', 'acknowledged', 'visible', 'inbox'] as const) into[what].push(...own[what]);
  });
  const client = async () => {
    while (performance.now() < until) await subject.carryCase(own);
  };
  await Promise.all([stop, ...Array.from({ length: clients }, client)]);
  into.sliceEnded(counted, seconds);
}
