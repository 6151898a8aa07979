import { told } from '../platform/http/language.js';
import { refuseBlocked } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Proof } from '../domain/case/acts.js';
import type { EvidenceItem } from '../domain/policy/policy.js';
import { evidenceMissing, unknownProofs, type Facts } from '../domain/preconditions/index.js';
import { isFiled, type Route } from '../domain/procedure/procedure.js';
import type { LoadedCase } from '../cases/cases.store.js';
import type { StoredAct } from '../platform/ledger/streams.js';
import { withSources } from '../policies/line.js';
import { PolicyStore } from '../policies/policies.store.js';
import type { FileView } from '../evidence/evidence.dto.js';
import type { CaseFileView, ProofView } from './request-views.dto.js';

/** The list of evidence of the policy that a request was filed under. Rulings and batches have none, because nobody files them. */
async function listOf(tx: Transaction, { kind, policy }: Route): Promise<readonly EvidenceItem[]> {
  return isFiled(kind) ? (await new PolicyStore().frozen(tx, policy)).kinds[kind].evidence : [];
}

/** Which documents the files are said to be, at the filing and in supplements, in the words of that list. */
export async function proofsOf(tx: Transaction, route: Route, acts: readonly StoredAct[]): Promise<ProofView[]> {
  const said = acts.filter(({ kind }) => kind === 'filed' || kind === 'supplemented');
  const proofs = said.flatMap(({ body }) => (body as { evidence?: readonly Proof[] }).evidence ?? []);
  if (proofs.length === 0) return [];
  const list = await listOf(tx, route);
  return proofs.map(({ id, item }) => {
    const named = list.find((one) => one.id === item);
    return { id, item, title: named ? told(named) : item };
  });
}

/** Each file with what it is said to be. */
export const withItems = (files: readonly FileView[], proofs: readonly ProofView[]): CaseFileView[] =>
  files.map((file) => ({
    ...file,
    items: proofs.flatMap(({ id, ...item }) => (id === file.id ? [item] : [])),
  }));

/**
 * Of a case that the process asked for: its filer hands in what a filing would have to.
 * @throws Problem evidence-missing, evidence-item-missing
 */
export async function mustBeEvidenced(
  tx: Transaction,
  { request, state }: LoadedCase,
  proofs: readonly Proof[],
  evidenceIds: readonly string[],
): Promise<void> {
  const { route, statedBy } = state;
  const { kind } = route;
  if (!route.beginsWithFiler || statedBy || !isFiled(kind)) return;
  const policy = await new PolicyStore().frozen(tx, route.policy);
  const handedIn = proofs.map(({ item }) => ({ item, handedIn: true }));
  const around = {
    kind,
    policy,
    details: request.details as unknown as Facts['details'],
    evidence: request.evidenceIds.length + evidenceIds.length,
    proofs: handedIn,
  };
  refuseBlocked(await withSources(tx, around, evidenceMissing(around)));
}

/** Of a supplement: the files are the request's, and what they are said to be stands on the list. @throws Problem unknown-evidence-item */
export async function mustBeListed(tx: Transaction, route: Route, proofs: readonly Proof[], evidenceIds: readonly string[]): Promise<void> {
  if (proofs.length === 0) return;
  const said = proofs.map(({ id, item }) => ({ item, handedIn: evidenceIds.includes(id) }));
  const { kind } = route;
  const unknown = unknownProofs(await listOf(tx, route), said);
  refuseBlocked(isFiled(kind) ? await withSources(tx, { kind, policy: route.policy }, unknown) : unknown);
}
