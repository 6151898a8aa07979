import { told } from '../platform/http/language.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Policy } from '../domain/policy/policy.js';
import { settledBy } from '../domain/packs/lineage.js';
import type { PackContent } from '../domain/packs/policy-pack.js';
import type { PackFault } from '../domain/packs/policy-bound.js';
import { appendNext, type By, type LedgerDeps } from '../platform/ledger/streams.js';
import { packFaults } from './pack-faults.js';
import type { Pack } from './policy-schema.js';
import { policyOf } from './policies.store.js';

/** One version of a province's pack. */
export interface PackVersion {
  readonly id: string;
  readonly version: number;
}

/** A version with what the moves on it look at. */
export interface LockedVersion extends PackVersion, Pack {
  readonly organisationId: string;
  readonly state: 'draft' | 'activated' | 'revoked';
  readonly effectiveFrom: string | null;
  readonly draftedBy: string | null;
  readonly basedOn: PackVersion;
  readonly inPlaceOf: PackVersion;
}

/** From which policy a pack inherits what it is silent about, and which one it follows. */
export interface Base {
  readonly base: Policy;
  readonly inPlaceOf: PackVersion;
}

/** The province's pack, locked; it is there from its first draft on. `id` names it when it is made now. */
async function lockedPack(tx: Transaction, organisationId: string, id: string): Promise<string> {
  await tx.query('insert into policy_pack (id, organisation_id) values ($1, $2) on conflict do nothing', [id, organisationId]);
  const [row] = await tx.query<{ id: string }[]>('select id from policy_pack where organisation_id = $1 for update', [organisationId]);
  if (!row) throw new Error('the pack is not there');
  return row.id;
}

/** A version, with its pack locked. @throws Problem not-found */
export async function lockedVersion(tx: Transaction, { id, version }: PackVersion): Promise<LockedVersion> {
  await tx.query('select 1 from policy_pack where id::text = $1 for update', [id]);
  const [row] = await tx.query<LockedVersion[]>(
    `select id, version, organisation_id as "organisationId", state, to_char(effective_from, 'YYYY-MM-DD') as "effectiveFrom",
       drafted_by as "draftedBy", document, content, based_on as "basedOn", in_place_of as "inPlaceOf"
     from policy where id = $1 and version = $2 and exists (select 1 from policy_pack k where k.id::text = policy.id)`,
    [id, version],
  );
  if (!row) throw new Problem('not-found');
  return row;
}

/** @throws Problem policy-refused with every reason */
export async function mustBeAdoptable(
  tx: Transaction,
  province: { readonly organisationId: string; readonly base: Policy },
  pack: unknown,
  now: number,
): Promise<void> {
  const faults = await packFaults(tx, province, pack, now);
  if (faults.length === 0) return;
  throw new Problem('policy-refused', {
    errors: faults.map(({ pointer, code }) => ({ pointer, detail: MESSAGES[code] })),
    facts: { reasons: faults.map((fault) => reasonView(fault, (pack as Partial<Pack>).content, province.base)) },
  });
}

const nameOf = ({ id, version }: PackVersion): PackVersion => ({ id, version });

/** What the pack itself is silent about, its base says. */
const inheritedFrom = (pointer: string, content: PackContent | undefined, base: Policy): PackVersion | null => {
  const own = { content: content ?? {} };
  const at = pointer.replace(/^\/content/, '');
  return at === pointer || settledBy([own, { content: base }], at) === own ? null : nameOf(base);
};

export const reasonView = ({ code, pointer, article, detail }: PackFault, content: PackContent | undefined, base: Policy) => ({
  code,
  pointer,
  article,
  message: told(MESSAGES[code]),
  detail: detail ?? null,
  inheritedFrom: inheritedFrom(pointer, content, base),
});

/** Keeps a new version as a draft. @throws Problem policy-refused */
export async function draftPack(
  tx: Transaction,
  deps: LedgerDeps,
  by: By,
  { id: newPackId, organisationId, document, content, base, inPlaceOf }: Pack & Base & { id: string; organisationId: string },
): Promise<PackVersion> {
  await mustBeAdoptable(tx, { organisationId, base }, { document, content }, deps.clock.now());
  const id = await lockedPack(tx, organisationId, newPackId);
  const [row] = await tx.query<{ version: number }[]>(
    `insert into policy (id, version, organisation_id, content, state, document, drafted_by, drafted_at, based_on, in_place_of)
     select $1::text, coalesce(max(version), 0) + 1, $2, $3, 'draft', $4, $5, $6, $7::jsonb, $8::jsonb from policy
       where id = $1::text returning version`,
    [id, organisationId, content, document, by.personId, new Date(deps.clock.now()), nameOf(base), nameOf(inPlaceOf)],
  );
  if (!row) throw new Error('the draft was not inserted');
  await act(tx, deps, id, {
    kind: 'drafted',
    by,
    body: { version: row.version, document, content, basedOn: nameOf(base), inPlaceOf: nameOf(inPlaceOf) },
  });
  return { id, version: row.version };
}

/** Bases a draft on another policy. What it says itself stays, and what it is silent about is inherited from there. */
export async function rebasePack(tx: Transaction, deps: LedgerDeps, by: By, { id, version }: PackVersion, to: Base): Promise<void> {
  const [basedOn, inPlaceOf] = [nameOf(to.base), nameOf(to.inPlaceOf)];
  await tx.query('update policy set based_on = $3, in_place_of = $4 where id = $1 and version = $2', [id, version, basedOn, inPlaceOf]);
  await act(tx, deps, id, { kind: 'rebased', by, body: { version, basedOn, inPlaceOf } });
}

/** Whether a person based a draft anew, which decides of it as drafting does. */
export async function rebasedBy(tx: Transaction, { id, version }: PackVersion, personId: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `select 1 from act where stream = 'policy' and stream_id = $1 and kind = 'rebased' and person_id = $3
       and (body ->> 'version')::int = $2 limit 1`,
    [id, version, personId],
  );
  return rows.length > 0;
}

/**
 * Puts a draft into force from a day 'YYYY-MM-DD' on, whole, with what it inherits: a later national default changes nothing of it.
 * Cases filed before keep the policy that they were filed under.
 */
export async function activatePack(
  tx: Transaction,
  deps: LedgerDeps,
  by: By,
  { id, version, content, base }: PackVersion & Pick<Pack, 'content'> & Pick<Base, 'base'>,
  effectiveFrom: string,
): Promise<void> {
  const { id: _id, version: _version, ...whole } = policyOf(content, id, version, base);
  await tx.query(
    `update policy set state = 'activated', effective_from = $3, activated_by = $4, activated_at = $5, whole = $6 where id = $1
      and version = $2`,
    [id, version, effectiveFrom, by.personId, new Date(deps.clock.now()), whole],
  );
  await act(tx, deps, id, { kind: 'activated', by, body: { version, effectiveFrom, inherits: nameOf(base), whole } });
}

/** Takes back a version that is not in effect yet. */
export async function revokePack(tx: Transaction, deps: LedgerDeps, by: By, { id, version }: PackVersion, reason: string): Promise<void> {
  await tx.query(`update policy set state = 'revoked', revoked_by = $3, revoked_at = $4 where id = $1 and version = $2`, [
    id,
    version,
    by.personId,
    new Date(deps.clock.now()),
  ]);
  await act(tx, deps, id, { kind: 'revoked', by, body: { version }, texts: { reason } });
}

async function act(
  tx: Transaction,
  deps: LedgerDeps,
  id: string,
  made: { kind: string; by: By; body: object; texts?: Record<string, string> },
): Promise<void> {
  await appendNext(tx, deps, 'policy', id, made);
}
