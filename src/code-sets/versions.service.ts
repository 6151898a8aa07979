import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { words } from '../domain/messages/words.js';
import type { Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import type { PageQuery } from '../platform/http/page.dto.js';
import { Problem, type FieldProblem } from '../platform/http/problem.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext, type By, type NewAct } from '../platform/ledger/streams.js';
import {
  catalogueAfter,
  CATALOGUES,
  changesBetween,
  changesNothing,
  isCatalogue,
  type CatalogueEntry,
  type CatalogueName,
} from './catalogues.js';
import { majorsInForce } from './catalogues.store.js';
import { CodeSetVersion } from './code-set-version.entity.js';
import type { ChangesView, DraftVersion, VersionPage, VersionView, WithdrawVersion } from './versions.dto.js';
import { VERSION_ROW, versionSummary, type VersionRow } from './versions.views.js';

/** Where a version stands: its set and number. */
export interface VersionOf {
  readonly set: string;
  readonly version: number;
}

/** A set as it stands under the lock of its stream. */
interface LockedSet {
  readonly name: CatalogueName;
  readonly id: string;
  readonly inForce: Pick<CodeSetVersion, 'version' | 'entries'>;
}

/**
 * Catalogues of majors 专业目录 change by versions. One person of the nation's authority drafts a version, with the document that it follows,
 * and another activates it. Both are acts in the set's own stream. Every version stays.
 */
@Injectable()
export class CodeSetVersions {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly once: OnceOnly,
  ) {}

  list(caller: Caller, set: string, { cursor, limit }: PageQuery): Promise<VersionPage> {
    const { id } = catalogueOf(set);
    const [before = null] = this.cursors.read(`versions ${set}`, cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<VersionRow[]>(
        `${VERSION_ROW} where v.code_set_id = $1 and ($2::int is null or v.version < $2) order by v.version desc limit $3`,
        [id, before, limit + 1],
      );
      const page = this.cursors.page(`versions ${set}`, rows, limit, ({ version }) => [String(version)]);
      return { ...page, items: page.items.map(versionSummary) };
    });
  }

  show(caller: Caller, of: VersionOf): Promise<VersionView> {
    return inScope(this.db, caller, (tx) => viewed(tx, of));
  }

  /** What a draft would change, without drafting it. @throws Problem not-your-office, invalid-input */
  preview(caller: Caller, set: string, body: DraftVersion): Promise<ChangesView> {
    return inScope(this.db, caller, async (tx) => {
      await officeOf(tx, caller);
      const { id, name } = catalogueOf(set);
      return (await this.drafted(tx, { id, name, inForce: await latestOf(tx, id) }, body)).changes;
    });
  }

  /** @throws Problem not-your-office, invalid-input, nothing-to-change */
  async draft(caller: Caller, keyed: KeyedRequest, set: string, body: DraftVersion): Promise<VersionView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const by = await officeOf(tx, actor);
      const locked = await lockedSet(tx, set);
      const { entries, changes } = await this.drafted(tx, locked, body);
      if (changesNothing(changes)) throw new Problem('nothing-to-change');
      const [{ version }] = (await tx.query('select max(version) + 1 as version from code_set_version where code_set_id = $1', [
        locked.id,
      ])) as [{ version: number }];
      const { document, firstIntake } = body;
      const basedOn = locked.inForce.version;
      await tx.query(
        `insert into code_set_version (id, code_set_id, version, based_on, state, document, first_intake, entries, drafted_by, drafted_at)
         values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9)`,
        [newId(), locked.id, version, basedOn, document, firstIntake, JSON.stringify(entries), by.personId, new Date(this.clock.now())],
      );
      await this.act(tx, locked, { kind: 'drafted', by, body: { version, basedOn, document, firstIntake, changes } });
      return viewed(tx, { set, version });
    });
    return answer;
  }

  /** Every process judges by it from the commit on. @throws Problem version-not-a-draft, separation-of-duties, stale-version */
  async activate(caller: Caller, keyed: KeyedRequest, of: VersionOf): Promise<VersionView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const by = await officeOf(tx, actor);
      const locked = await lockedSet(tx, of.set);
      const draft = await draftOf(tx, locked, of.version);
      if (draft.draftedBy === actor.personId)
        throw new Problem('separation-of-duties', { detail: words('起草人不得启用。', 'Who drafted it may not activate it.') });
      if (draft.basedOn !== locked.inForce.version) throw new Problem('stale-version', { facts: { version: locked.inForce.version } });
      await tx
        .of(CodeSetVersion)
        .update({ id: draft.id }, { state: 'activated', activatedBy: actor.personId, activatedAt: new Date(this.clock.now()) });
      await this.act(tx, locked, { kind: 'activated', by, body: { version: of.version } });
      return viewed(tx, of);
    });
    return answer;
  }

  /** Ends a draft, which stays on record. @throws Problem not-your-office, version-not-a-draft */
  async withdraw(caller: Caller, keyed: KeyedRequest, of: VersionOf, { reason }: WithdrawVersion): Promise<VersionView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const by = await officeOf(tx, actor);
      const locked = await lockedSet(tx, of.set);
      const { id } = await draftOf(tx, locked, of.version);
      await tx
        .of(CodeSetVersion)
        .update({ id }, { state: 'withdrawn', withdrawnBy: actor.personId, withdrawnAt: new Date(this.clock.now()) });
      await this.act(tx, locked, { kind: 'withdrawn', by, body: { version: of.version }, texts: { reason } });
      return viewed(tx, of);
    });
    return answer;
  }

  private async drafted(tx: Transaction, { name, inForce }: LockedSet, { document, firstIntake, entries }: DraftVersion) {
    const majors = await majorsInForce(tx);
    const errors: FieldProblem[] =
      document.date > dateOf(this.clock.now()) ? [{ pointer: '/document/date', detail: FIELD_FAULTS.future }] : [];
    const seen = new Set<string>();
    for (const [n, { code }] of entries.entries()) {
      const pointer = `/entries/${n}/code`;
      if (seen.has(code)) errors.push({ pointer, detail: FIELD_FAULTS.twice });
      else if ((majors.get(code)?.catalogue ?? name) !== name) errors.push({ pointer, detail: FIELD_FAULTS.inOtherCatalogue });
      seen.add(code);
    }
    if (errors.length > 0) throw new Problem('invalid-input', { errors });
    const after = catalogueAfter(inForce.entries, entries, firstIntake);
    return { entries: after, changes: changesShown(inForce.entries, after) };
  }

  private async act(tx: Transaction, { id }: LockedSet, act: NewAct): Promise<void> {
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'codeSet', id, act);
  }
}

/** @throws Problem not-found for a set that is not kept by versions */
function catalogueOf(set: string): { name: CatalogueName; id: string } {
  if (!isCatalogue(set)) throw new Problem('not-found');
  return { name: set, id: CATALOGUES[set].id };
}

function changesShown(before: readonly CatalogueEntry[], after: readonly CatalogueEntry[]): ChangesView {
  const { added, renamed, closed, reopened, described } = changesBetween(before, after);
  const named = (list: readonly { code: string; zh: string }[]) => list.map(({ code, zh }) => ({ code, zh }));
  return { added: named(added), renamed: [...renamed], closed: named(closed), reopened: named(reopened), described: [...described] };
}

async function latestOf(tx: Transaction, id: string): Promise<LockedSet['inForce']> {
  const [latest] = await tx.query<LockedSet['inForce'][]>(
    `select version, entries from code_set_version where code_set_id = $1 and state = 'activated' order by version desc limit 1`,
    [id],
  );
  return latest ?? { version: 0, entries: [] };
}

async function lockedSet(tx: Transaction, set: string): Promise<LockedSet> {
  const { id, name } = catalogueOf(set);
  await tx.query('select 1 from code_set where id = $1 for update', [id]);
  return { id, name, inForce: await latestOf(tx, id) };
}

async function draftOf(tx: Transaction, { id }: LockedSet, version: number): Promise<Pick<CodeSetVersion, 'id' | 'basedOn' | 'draftedBy'>> {
  const found = await tx.of(CodeSetVersion).findOne({
    where: { codeSetId: id, version },
    select: { id: true, basedOn: true, draftedBy: true, state: true },
  });
  if (!found) throw new Problem('not-found');
  if (found.state !== 'draft') throw new Problem('version-not-a-draft');
  return found;
}

async function viewed(tx: Transaction, { set, version }: VersionOf): Promise<VersionView> {
  const { id } = catalogueOf(set);
  const [row] = await tx.query<VersionRow[]>(`${VERSION_ROW} where v.code_set_id = $1 and v.version = $2`, [id, version]);
  if (!row) throw new Problem('not-found');
  const [both] = await tx.query<{ entries: CatalogueEntry[]; before: CatalogueEntry[] | null }[]>(
    `select v.entries, b.entries as before from code_set_version v
       left join code_set_version b on b.code_set_id = v.code_set_id and b.version = v.based_on
     where v.code_set_id = $1 and v.version = $2`,
    [id, version],
  );
  const { entries = [], before = null } = both ?? {};
  return { ...versionSummary(row), changes: changesShown(before ?? entries, entries) };
}

/** The office in which somebody keeps the nation's code sets: supervisor or operator of the nation. @throws Problem not-your-office */
async function officeOf(tx: Transaction, { personId, offices }: Actor): Promise<By> {
  const [held] = await tx.query<Pick<By, 'office' | 'organisationId'>[]>(
    `select h.office, h."organisationId" from jsonb_to_recordset($1) as h (office text, "organisationId" uuid)
       join organisation o on o.id = h."organisationId"
     where o.level = 'national' and h.office in ('authoritySupervisor', 'operator') order by h.office desc limit 1`,
    [JSON.stringify(offices)],
  );
  if (!held) throw new Problem('not-your-office');
  return { personId, ...held };
}
