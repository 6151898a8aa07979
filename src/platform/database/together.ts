import type { Transaction } from './in-scope.js';

interface Waiting {
  readonly keys: Set<string>;
  readonly found: Promise<ReadonlyMap<string, unknown>>;
}

const asked = new WeakMap<Transaction, Map<string, Waiting>>();

/**
 * Asks for one of what many ask for in the same turn of a transaction: `load` is called once with all their keys, so that what is done for
 * each of 500 rows costs the statements of one. Nothing is kept: whoever asks later asks anew. Under one name always the same is loaded.
 */
export function together<V>(
  tx: Transaction,
  name: string,
  key: string,
  load: (keys: string[]) => Promise<ReadonlyMap<string, V>>,
): Promise<V | undefined> {
  const ofTransaction = asked.get(tx) ?? new Map<string, Waiting>();
  asked.set(tx, ofTransaction);
  const waiting = ofTransaction.get(name) ?? begin(ofTransaction, name, load);
  waiting.keys.add(key);
  return waiting.found.then((found) => found.get(key) as V | undefined);
}

function begin<V>(ofTransaction: Map<string, Waiting>, name: string, load: (keys: string[]) => Promise<ReadonlyMap<string, V>>): Waiting {
  const keys = new Set<string>();
  const found = everybodyHasAsked().then(() => {
    ofTransaction.delete(name);
    return load([...keys]);
  });
  const waiting = { keys, found };
  ofTransaction.set(name, waiting);
  return waiting;
}

/** When all that goes on in this turn has gone as far as it can without the database. */
const everybodyHasAsked = (): Promise<void> => new Promise((resolve) => void Promise.resolve().then(() => process.nextTick(resolve)));

/** Rows by the key that they were asked by. */
export const byKey = <R extends { readonly key: string }>(rows: readonly R[]): Map<string, R> => new Map(rows.map((row) => [row.key, row]));
