import { told } from '../platform/http/language.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { NATIONAL_DEFAULT } from '../domain/policy/policy.js';
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
      drafted_by as "draftedBy",
       document, content from policy where id = $1 and version = $2 and exists (select 1 from policy_pack k where k.id::text = policy.id)`,
    [id, version],
  );
  if (!row) throw new Problem('not-found');
  return row;
}

/** @throws Problem policy-refused with every reason */
export async function mustBeAdoptable(tx: Transaction, organisationId: string, pack: unknown, now: number): Promise<void> {
  const faults = await packFaults(tx, organisationId, pack, now);
  if (faults.length === 0) return;
  throw new Problem('policy-refused', {
    errors: faults.map(({ pointer, code }) => ({ pointer, detail: MESSAGES[code] })),
    facts: { reasons: faults.map(reasonView) },
  });
}

export const reasonView = ({ code, pointer, article, detail }: PackFault) => ({
  code,
  pointer,
  article,
  message: told(MESSAGES[code]),
  detail: detail ?? null,
});

/** Keeps a new version as a draft. @throws Problem policy-refused */
export async function draftPack(
  tx: Transaction,
  deps: LedgerDeps,
  by: By,
  { id: newPackId, organisationId, document, content }: Pack & { id: string; organisationId: string },
): Promise<PackVersion> {
  await mustBeAdoptable(tx, organisationId, { document, content }, deps.clock.now());
  const id = await lockedPack(tx, organisationId, newPackId);
  const [row] = await tx.query<{ version: number }[]>(
    `insert into policy (id, version, organisation_id, content, state, document, drafted_by, drafted_at)
     select $1::text, coalesce(max(version), 0) + 1, $2, $3, 'draft', $4, $5, $6 from policy where id = $1::text returning version`,
    [id, organisationId, content, document, by.personId, new Date(deps.clock.now())],
  );
  if (!row) throw new Error('the draft was not inserted');
  await act(tx, deps, id, { kind: 'drafted', by, body: { version: row.version, document, content } });
  return { id, version: row.version };
}

/**
 * Puts a draft into force from a day 'YYYY-MM-DD' on, whole, with what it inherits today: a later national default changes nothing of it.
 * Cases filed before keep the policy that they were filed under.
 */
export async function activatePack(
  tx: Transaction,
  deps: LedgerDeps,
  by: By,
  { id, version, content }: PackVersion & Pick<Pack, 'content'>,
  effectiveFrom: string,
): Promise<void> {
  const { id: _id, version: _version, ...whole } = policyOf(content, id, version);
  await tx.query(
    `update policy set state = 'activated', effective_from = $3, activated_by = $4, activated_at = $5, whole = $6 where id = $1
      and version = $2`,
    [id, version, effectiveFrom, by.personId, new Date(deps.clock.now()), whole],
  );
  const inherits = { id: NATIONAL_DEFAULT.id, version: NATIONAL_DEFAULT.version };
  await act(tx, deps, id, { kind: 'activated', by, body: { version, effectiveFrom, inherits, whole } });
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
