import { words } from '../domain/messages/words.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, memberOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CalendarStore } from '../calendar/calendar.store.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { holds, type Actor } from '../domain/offices.js';
import { inheritedSettings } from '../domain/packs/lineage.js';
import type { Policy } from '../domain/policy/policy.js';
import { dateOf } from '../domain/working-days.js';
import type { By, LedgerDeps } from '../platform/ledger/streams.js';
import { newId } from '../platform/ledger/new-id.js';
import {
  activatePack,
  draftPack,
  lockedVersion,
  mustBeAdoptable,
  rebasedBy,
  rebasePack,
  revokePack,
  type Base,
  type LockedVersion,
  type PackVersion,
} from './packs.store.js';
import type {
  Activation,
  DraftPolicy,
  PolicyDetail,
  PolicyPage,
  PolicyPreview,
  PolicyQuery,
  Rebasing,
  Revocation,
} from './policies.dto.js';
import { MAY_SEE, POLICY_ROW, policyView, type PolicyRow } from './policies.views.js';
import { inForceOf, policyOf, PolicyStore } from './policies.store.js';
import type { Pack } from './policy-schema.js';
import { lineOf } from './line.js';
import { previewOfPack } from './preview.js';

/**
 * A province's rules change by versions (R-32, A17). A supervisor of the province drafts a version with its document; another puts it into
 * force from a day on. Each move is an act in the pack's own stream. Older versions stay, and cases filed under them keep them.
 */
@Injectable()
export class Policies {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly calendars: CalendarStore,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
    private readonly store: PolicyStore,
  ) {}

  async draft(caller: Caller, keyed: KeyedRequest, { organisationId, basedOn, document, content }: DraftPolicy): Promise<PolicyDetail> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const province = await provinceOf(tx, actor, organisationId);
      const by = supervisorAt(actor, province);
      const pack = { document, content } as unknown as Pack; // judged there, whatever it is
      const base = await this.baseFor(tx, province, basedOn);
      const drafted = await draftPack(tx, this.deps, by, { ...pack, ...base, id: newId(), organisationId: province });
      return this.one(tx, actor, drafted);
    });
    return answer;
  }

  async activate(caller: Caller, keyed: KeyedRequest, name: PackVersion, { effectiveFrom }: Activation): Promise<PolicyDetail> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const version = await this.mustSee(tx, actor, name);
      const by = supervisorAt(actor, version.organisationId);
      if (version.state !== 'draft') throw new Problem('policy-not-a-draft');
      if (version.draftedBy === actor.personId || (await rebasedBy(tx, version, actor.personId)))
        throw new Problem('separation-of-duties', { detail: words('起草人不得启用。', 'Who drafted it may not activate it.') });
      await this.mustBeFree(tx, version, effectiveFrom);
      const base = await this.mustStandOnForce(tx, version, effectiveFrom);
      const { organisationId, document, content } = version;
      await mustBeAdoptable(tx, { organisationId, base }, { document, content }, this.clock.now());
      await activatePack(tx, this.deps, by, { ...version, base }, effectiveFrom);
      return this.one(tx, actor, name);
    });
    return answer;
  }

  /** Another version came into force meanwhile: the draft keeps what it says and inherits the rest from there. */
  async rebase(caller: Caller, keyed: KeyedRequest, name: PackVersion, { basedOn }: Rebasing): Promise<PolicyDetail> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const version = await this.mustSee(tx, actor, name);
      const { organisationId, state, document, content } = version;
      const by = supervisorAt(actor, organisationId);
      if (state !== 'draft') throw new Problem('policy-not-a-draft');
      const to = await this.baseFor(tx, organisationId, basedOn);
      await mustBeAdoptable(tx, { organisationId, base: to.base }, { document, content }, this.clock.now());
      await rebasePack(tx, this.deps, by, name, to);
      return this.one(tx, actor, name);
    });
    return answer;
  }

  async revoke(caller: Caller, keyed: KeyedRequest, name: PackVersion, { reason }: Revocation): Promise<PolicyDetail> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const version = await this.mustSee(tx, actor, name);
      const by = supervisorAt(actor, version.organisationId);
      const begun = version.effectiveFrom !== null && version.effectiveFrom <= this.today();
      if (version.state === 'revoked' || begun) throw new Problem('policy-in-effect');
      await revokePack(tx, this.deps, by, name, reason);
      return this.one(tx, actor, name);
    });
    return answer;
  }

  preview(caller: Caller, name: PackVersion): Promise<PolicyPreview> {
    return inScope(this.db, caller, async (tx) => {
      const version = await this.mustSee(tx, caller, name);
      if (!memberOf(caller).includes(version.organisationId)) throw new Problem('not-your-office');
      const looking = { policies: this.store, calendars: this.calendars, cipher: this.cipher, now: this.clock.now() };
      return beyond(tx, 'preview', () => previewOfPack(tx, version, looking));
    });
  }

  show(caller: Caller, name: PackVersion): Promise<PolicyDetail> {
    return inScope(this.db, caller, (tx) => this.one(tx, caller, name));
  }

  async list(caller: Caller, { organisationId, state, cursor, limit }: PolicyQuery): Promise<PolicyPage> {
    const [id = '', version = '0'] = this.cursors.read('policies', cursor) ?? [];
    const rows = await inScope(this.db, caller, (tx) =>
      tx.query<PolicyRow[]>(
        `${POLICY_ROW('$1')} where ${MAY_SEE('$2')} and ($3::uuid is null or p.organisation_id = $3) and ($4::text is null or p.state = $4)
           and (p.id, p.version) > ($5, $6::int) order by p.id, p.version limit $7`,
        [this.today(), memberOf(caller), organisationId ?? null, state ?? null, id, Number(version), limit + 1],
      ),
    );
    const page = this.cursors.page('policies', rows, limit, (row) => [row.id, String(row.version)]);
    return { ...page, items: page.items.map(policyView) };
  }

  private today = (): string => dateOf(this.clock.now());

  private get deps(): LedgerDeps {
    return { clock: this.clock, cipher: this.cipher };
  }

  private async one(tx: Transaction, actor: Actor, { id, version }: PackVersion): Promise<PolicyDetail> {
    const [row] = await tx.query<PolicyRow[]>(`${POLICY_ROW('$1')} where ${MAY_SEE('$2')} and p.id = $3 and p.version = $4`, [
      this.today(),
      memberOf(actor),
      id,
      version,
    ]);
    if (!row) throw new Problem('not-found');
    const { basedOn, content } = row;
    const whole = row.whole
      ? inForceOf({ id, version, whole: row.whole })
      : policyOf(content, id, version, basedOn ? await this.store.frozen(tx, basedOn) : undefined);
    const inherited = inheritedSettings(await lineOf(tx, { id, version })).map(({ from, ...setting }) => ({
      ...setting,
      from: from.policy,
    }));
    return { ...policyView(row), inherited, whole };
  }

  private async mustSee(tx: Transaction, actor: Actor, name: PackVersion): Promise<LockedVersion> {
    await this.one(tx, actor, name);
    return lockedVersion(tx, name);
  }

  /**
   * What a draft inherits from and which version it follows, by default the one in force today. @throws Problem policy-base-stale where
   * the named one is neither in force, nor decided for a later day, nor the national default
   */
  private async baseFor(tx: Transaction, province: string, named: PackVersion | undefined): Promise<Base> {
    const today = this.today();
    const [inForce, national] = await Promise.all([this.store.inForce(tx, province, today), this.store.inForce(tx, undefined, today)]);
    if (!named || same(named, inForce)) return { base: inForce, inPlaceOf: inForce };
    if (same(named, national)) return { base: national, inPlaceOf: inForce };
    const [later] = await tx.query<unknown[]>(
      `select 1 from policy where id = $1 and version = $2 and organisation_id = $3 and state = 'activated' and effective_from > $4::date`,
      [named.id, named.version, province, today],
    );
    if (!later) throw stale(inForce);
    const base = await this.store.frozen(tx, named);
    return { base, inPlaceOf: base };
  }

  /**
   * The policy that the draft inherits from: in force on its first day, or the nation's of that day. What was decided in between would be
   * dropped unseen. @throws Problem policy-base-stale or policy-later-version
   */
  private async mustStandOnForce(tx: Transaction, version: LockedVersion, effectiveFrom: string): Promise<Policy> {
    const { organisationId, basedOn, inPlaceOf } = version;
    const [inForce, national] = await Promise.all([
      this.store.inForce(tx, organisationId, effectiveFrom),
      this.store.inForce(tx, undefined, effectiveFrom),
    ]);
    const base = [inForce, national].find((one) => same(one, basedOn));
    if (!same(inPlaceOf, inForce) || !base) throw stale(inForce);
    const later = await tx.query<PackVersion[]>(
      `select id, version from policy where organisation_id = $1 and state = 'activated' and effective_from > $2::date
        order by effective_from limit 1`,
      [organisationId, effectiveFrom],
    );
    if (later[0]) throw new Problem('policy-later-version', { facts: { later: later[0] } });
    return base;
  }

  /** @throws Problem effective-date-past or policy-date-taken */
  private async mustBeFree(tx: Transaction, { organisationId }: LockedVersion, effectiveFrom: string): Promise<void> {
    if (effectiveFrom < this.today())
      throw new Problem('effective-date-past', { errors: [{ pointer: '/effectiveFrom', detail: FIELD_FAULTS.past }] });
    const taken = await tx.query<unknown[]>(
      `select 1 from policy where organisation_id = $1 and effective_from = $2::date and state = 'activated'`,
      [organisationId, effectiveFrom],
    );
    if (taken.length > 0) throw new Problem('policy-date-taken');
  }
}

const same = (one: PackVersion, other: PackVersion): boolean => one.id === other.id && one.version === other.version;

const stale = ({ id, version }: PackVersion): Problem => new Problem('policy-base-stale', { facts: { inForce: { id, version } } });

/** @throws Problem not-your-office */
function supervisorAt(actor: Actor, organisationId: string): By {
  if (!holds(actor, 'authoritySupervisor', organisationId)) throw new Problem('not-your-office');
  return { personId: actor.personId, office: 'authoritySupervisor', organisationId };
}

/** The province for which the actor drafts: the one named, else the only one that the actor supervises. */
async function provinceOf(tx: Transaction, actor: Actor, organisationId: string | undefined): Promise<string> {
  const rows = await tx.query<{ id: string }[]>(
    `select id from organisation where level = 'province' and id = any($1) and ($2::uuid is null or id = $2)`,
    [organisationsOf(actor, 'authoritySupervisor'), organisationId ?? null],
  );
  const [row] = rows;
  if (!row) throw new Problem('not-your-office');
  if (rows.length > 1) throw new Problem('invalid-input', { errors: [{ pointer: '/organisationId', detail: FIELD_FAULTS.missing }] });
  return row.id;
}
