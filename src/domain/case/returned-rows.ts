import type { Act } from './acts.js';

/** The decision by which a row of a batch was returned. */
export interface RowReturned {
  readonly row: string;
  readonly step: string;
  /** Of the act, whose texts say why. */
  readonly seq: number;
}

/**
 * The rows of a batch that reviewers return by the decisions that stand, each once, by the first step that did. A step that decides anew
 * returns what its last decision says. A rejection or the return of the whole returns no single row.
 */
export function returnedRows(acts: readonly Act[]): RowReturned[] {
  const standing = new Map<string, readonly RowReturned[]>();
  for (const act of acts) {
    if (act.kind === 'retracted') standing.delete(act.step);
    if (act.kind !== 'decided') continue;
    const { step, seq, verdict, data } = act;
    standing.set(step, verdict === 'approve' ? (data?.rows ?? []).map(({ row }) => ({ row, step, seq })) : []);
  }
  const first = new Map<string, RowReturned>();
  for (const one of [...standing.values()].flat().toSorted((a, b) => a.seq - b.seq)) if (!first.has(one.row)) first.set(one.row, one);
  return [...first.values()];
}
