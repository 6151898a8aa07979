import type { Act, SealedReply } from './acts.js';
import type { Route } from '../procedure/procedure.js';

/** What passes between this system and the school outside it with a transfer (A23). */
export interface Handover {
  /** `in`: the student comes to a school of this system; `out`: the student leaves it. */
  readonly direction: 'in' | 'out';
  /** The school outside. */
  readonly schoolId: string;
  /** Its sealed reply, as the authority recorded it. */
  readonly reply?: SealedReply;
}

/** The hand-over of a route of which one school answers outside, with the reply that was approved; undefined when both answer here. */
export function handoverOf({ steps, parties }: Route, acts: readonly Pick<Act, 'kind'>[]): Handover | undefined {
  const outside = steps.find(({ onBehalfOf }) => onBehalfOf !== undefined);
  if (!outside?.onBehalfOf) return undefined;
  const decided = acts.filter((act): act is Extract<Act, { kind: 'decided' }> => act.kind === 'decided');
  const reply = decided.findLast(({ step, verdict }) => step === outside.id && verdict === 'approve')?.data?.reply;
  return {
    direction: outside.onBehalfOf === parties.sourceSchool ? 'in' : 'out',
    schoolId: outside.onBehalfOf,
    ...(reply ? { reply } : {}),
  };
}
