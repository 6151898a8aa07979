import { isOpenTo } from '../domain/dossier/study.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { FieldProblem } from '../platform/http/problem.js';
import type { CatalogueEntry, CatalogueName } from './catalogues.js';

export interface MajorInForce extends CatalogueEntry {
  readonly catalogue: CatalogueName;
}

/** The majors of all catalogues in force by their codes, in their order; no two catalogues share a code. */
export type MajorsInForce = ReadonlyMap<string, MajorInForce>;

const asked = new WeakMap<Transaction, Promise<MajorsInForce>>();
/** The majors of the versions that were read last. A version never changes, so they are never stale: a newer version has another id. */
let kept: { readonly versions: string; readonly majors: MajorsInForce } | undefined;

/**
 * The same throughout a transaction. Each transaction asks which versions are in force, by one small query. The majors are read only when
 * these are others than before, so every process follows a new version without a restart.
 */
export function majorsInForce(tx: Transaction): Promise<MajorsInForce> {
  const majors = asked.get(tx) ?? readMajors(tx);
  asked.set(tx, majors);
  return majors;
}

async function readMajors(tx: Transaction): Promise<MajorsInForce> {
  const inForce = await tx.query<{ id: string }[]>(
    `select distinct on (code_set_id) id from code_set_version where state = 'activated' order by code_set_id, version desc`,
    [],
  );
  const ids = inForce.map(({ id }) => id);
  const versions = ids.join(' ');
  if (kept?.versions === versions) return kept.majors;
  const rows = await tx.query<{ name: CatalogueName; entries: CatalogueEntry[] }[]>(
    'select s.name, v.entries from code_set_version v join code_set s on s.id = v.code_set_id where v.id = any($1)',
    [ids],
  );
  const majors = rows.flatMap(({ name, entries }) => entries.map((entry) => ({ ...entry, catalogue: name })));
  kept = { versions, majors: new Map(majors.sort((a, b) => (a.code < b.code ? -1 : 1)).map((one) => [one.code, one])) };
  return kept.majors;
}

/** What of a list of codes no catalogue in force has open to an intake: new students of it take none of these. `at` points to the list. */
export async function closedMajors(
  tx: Transaction,
  intake: string,
  codes: readonly string[],
  at: (nth: number) => string,
): Promise<(FieldProblem & { readonly code: string })[]> {
  const majors = await majorsInForce(tx);
  return codes.flatMap((code, nth) =>
    isOpenTo(majors.get(code), intake) ? [] : [{ code, pointer: at(nth), detail: FIELD_FAULTS.notInCatalogue }],
  );
}
