import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { isOpenTo } from '../domain/dossier/study.js';
import { addDays } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { CATALOGUE_NAMES, CATALOGUES, isCatalogue, type CatalogueEntry, type CatalogueName } from './catalogues.js';
import type { CatalogueDocument } from './code-set-version.entity.js';
import type { CodeSetList, CodeSetQuery, CodeSetSummary, CodeSetView } from './code-sets.dto.js';
import { RELEASED_SETS, type CodeSet } from './code-sets.js';
import { WORD_SETS } from './word-sets.js';

/** All majors, of whatever catalogue: what an endpoint takes that takes a major. */
const MAJORS = { zh: '专业', en: 'Majors' };

interface VersionRead {
  name: CatalogueName;
  version: number;
  document: CatalogueDocument;
  entries: CatalogueEntry[];
}

/** 代码集: what may be entered where a code is asked for. */
@Injectable()
export class CodeSets {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly cursors: Cursors,
  ) {}

  list(caller: Caller): Promise<CodeSetList> {
    return inScope(this.db, caller, async (tx) => {
      const catalogues = await versionsRead(tx, CATALOGUE_NAMES);
      const ours = [...Object.keys(RELEASED_SETS), ...Object.keys(WORD_SETS)];
      const items = [...ours.map(released), { name: 'majors', ...MAJORS, ...kept() }, ...catalogues.map(summaryOf)];
      return { items, nextCursor: null };
    });
  }

  /** @throws Problem not-found */
  show(caller: Caller, name: string, { asOf, intake, cursor, limit }: CodeSetQuery): Promise<CodeSetView> {
    return inScope(this.db, caller, async (tx) => {
      const { summary, items } = await this.setOf(tx, name, asOf);
      const [after = ''] = this.cursors.read(`code-set ${name}`, cursor) ?? [];
      const left = items.filter((one) => one.code > after && (!intake || !('firstIntake' in one) || isOpenTo(one, intake)));
      return { ...summary, ...this.cursors.page(`code-set ${name}`, left.slice(0, limit + 1), limit, ({ code }) => [code]) };
    });
  }

  private async setOf(
    tx: Transaction,
    name: string,
    asOf: string | undefined,
  ): Promise<{ summary: CodeSetSummary; items: (CatalogueEntry | { code: string })[] }> {
    const set = Object.hasOwn(OURS, name) ? OURS[name] : undefined;
    if (set) return { summary: released(name), items: set.items.toSorted(byCode) };
    if (name !== 'majors' && !isCatalogue(name)) throw new Problem('not-found');
    const versions = await versionsRead(tx, name === 'majors' ? CATALOGUE_NAMES : [name], asOf);
    const items = versions.flatMap(({ name: catalogue, entries }) => entries.map((entry) => ({ ...entry, catalogue })));
    const [only] = versions;
    const summary = name !== 'majors' && only ? summaryOf(only) : { name, ...MAJORS, ...kept() };
    return { summary, items: items.sort(byCode) };
  }
}

/** The sets that come with a release: codes of standards, and the words of the product's own. */
const OURS: Readonly<Record<string, CodeSet>> = { ...RELEASED_SETS, ...WORD_SETS };

const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);

function released(name: string): CodeSetSummary {
  const { zh = '', en = '', standard = null } = OURS[name] ?? {};
  return { name, zh, en, standard, keptBy: 'release', version: null };
}

const kept = (): Pick<CodeSetSummary, 'standard' | 'keptBy' | 'version'> => ({ standard: null, keptBy: 'versions', version: null });

const summaryOf = ({ name, version, document: { title, number } }: VersionRead): CodeSetSummary => {
  const { zh, en } = CATALOGUES[name];
  return { name, zh, en, standard: number ? `${title}，${number}` : title, keptBy: 'versions', version };
};

/** The versions in force, or that were at the end of a day. What came with the installation was in force from the beginning. */
async function versionsRead(tx: Transaction, names: readonly CatalogueName[], asOf?: string): Promise<VersionRead[]> {
  const before = asOf === undefined ? null : `${addDays(asOf, 1)}T00:00:00+08:00`;
  return tx.query<VersionRead[]>(
    `select distinct on (s.name) s.name, v.version, v.document, v.entries from code_set s join code_set_version v on v.code_set_id = s.id
     where s.name = any($1) and v.state = 'activated' and ($2::timestamptz is null or v.activated_at is null or v.activated_at < $2)
     order by s.name desc, v.version desc`,
    [names, before],
  );
}
