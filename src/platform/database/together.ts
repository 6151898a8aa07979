import DataLoader from 'dataloader';
import type { Transaction } from './in-scope.js';

const loaders = new WeakMap<Transaction, Map<string, DataLoader<string, unknown>>>();

/**
 * Loads one value of those asked for in the same turn of a transaction. `load` is called once with all their keys, so that 500 rows cost
 * the statements of one. Nothing is cached, because a loader serves one turn. One name stands for one kind of value.
 */
export function together<V>(
  tx: Transaction,
  name: string,
  key: string,
  load: (keys: string[]) => Promise<ReadonlyMap<string, V>>,
): Promise<V | undefined> {
  const ofTransaction = loaders.get(tx) ?? new Map<string, DataLoader<string, unknown>>();
  loaders.set(tx, ofTransaction);
  const loader = ofTransaction.get(name) ?? new DataLoader<string, unknown>(loadOnce);
  ofTransaction.set(name, loader);
  return loader.load(key) as Promise<V | undefined>;

  async function loadOnce(keys: readonly string[]): Promise<unknown[]> {
    ofTransaction.delete(name);
    const found = await load([...keys]);
    return keys.map((one) => found.get(one));
  }
}

/** Rows by the key that they were asked by. */
export const byKey = <R extends { readonly key: string }>(rows: readonly R[]): Map<string, R> => new Map(rows.map((row) => [row.key, row]));
