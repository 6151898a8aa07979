import { readFileSync } from 'node:fs';
import type { Transaction } from '../platform/database/in-scope.js';
import { CATALOGUE_NAMES, CATALOGUES, type CatalogueEntry, type CatalogueName } from './catalogues.js';
import type { CatalogueDocument } from './code-set-version.entity.js';

export interface SeedCatalogue {
  readonly document: CatalogueDocument;
  readonly firstIntake: string;
  readonly entries: readonly CatalogueEntry[];
}

/**
 * A catalogue as it comes with the product. `# key: value` lines are its head, `## ` names a category and `### ` a group. Every other
 * line is a major: code, name and, where it has one, the English name, with tabs between them.
 */
export function seedCatalogue(name: CatalogueName): SeedCatalogue {
  const lines = readFileSync(new URL(`./seed/${name}.tsv`, import.meta.url), 'utf8').split('\n');
  const head: Record<string, string> = {};
  const entries: CatalogueEntry[] = [];
  let [category, group]: (string | undefined)[] = [];
  for (const line of lines) {
    const [, mark = '', text = ''] = /^(#*) ?(.*)$/.exec(line) ?? [];
    if (mark === '##') [category, group] = [text, undefined];
    else if (mark === '###') group = text;
    else if (mark === '#') {
      const [, key, value] = /^(\w+): (.*)$/.exec(text) ?? [];
      if (key && value) head[key] = value;
    } else if (text !== '') entries.push(entryIn(text, { category, group, head }));
  }
  const { title = '', number = null, issuingBody = '', date = null, firstIntake = '' } = head;
  return { document: { title, number, issuingBody, date }, firstIntake, entries: entries.sort((a, b) => (a.code < b.code ? -1 : 1)) };
}

interface Place {
  readonly category: string | undefined;
  readonly group: string | undefined;
  readonly head: Readonly<Record<string, string>>;
}

function entryIn(line: string, { category, group, head }: Place): CatalogueEntry {
  const [code = '', zh = '', en = ''] = line.split('\t');
  return {
    code,
    zh,
    ...(en ? { en } : {}),
    ...(category ? { category } : {}),
    ...(group ? { group } : {}),
    firstIntake: head.firstIntake ?? '',
    lastIntake: head.lastIntake ?? null,
  };
}

/** The catalogues as first versions that came with the installation. What is there already stays as it is, with its later versions. */
export async function seedCatalogues(tx: Transaction): Promise<void> {
  for (const name of CATALOGUE_NAMES) {
    const { document, firstIntake, entries } = seedCatalogue(name);
    await tx.query(
      `insert into code_set_version (id, code_set_id, version, based_on, state, document, first_intake, entries)
       values (gen_random_uuid(), $1, 1, 0, 'activated', $2, $3, $4) on conflict do nothing`,
      [CATALOGUES[name].id, document, firstIntake, JSON.stringify(entries)],
    );
  }
}
