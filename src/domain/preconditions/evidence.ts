import { groundOf } from '../case/details.js';
import type { EvidenceItem } from '../policy/policy.js';
import type { Kind } from '../procedure/procedure.js';
import { blocker, type Blocker } from '../refusal.js';
import type { Facts, OwnRule } from './facts.js';

/** What of the policy's list a filing on this ground must prove, each by its own file. */
function asked({ kind, policy, details }: Pick<Facts, 'kind' | 'policy' | 'details'>): (EvidenceItem & { readonly id: string })[] {
  const ground = groundOf(details);
  return policy.kinds[kind].evidence.flatMap(({ id, ...item }) => {
    const isAsked = id !== undefined && (!item.grounds || (ground !== undefined && item.grounds.includes(ground)));
    return isAsked ? [{ id, ...item }] : [];
  });
}

type Evidenced = Pick<Facts, 'kind' | 'policy' | 'details' | 'evidence' | 'proofs'>;

/** Fewer files than the policy asks for. */
export const evidenceEnough = ({ kind, policy, evidence }: Pick<Evidenced, 'kind' | 'policy' | 'evidence'>): Blocker | undefined =>
  evidence < policy.kinds[kind].leastEvidence ? blocker('evidence-missing', 'filer', '/evidenceIds') : undefined;

/** Every document that is asked for and that no file is said to be, each by its name. */
export const itemsProven = (facts: Pick<Facts, 'kind' | 'policy' | 'details' | 'proofs'>): Blocker[] => {
  const proven = new Set(facts.proofs?.map(({ item }) => item));
  return asked(facts)
    .filter(({ id }) => !proven.has(id))
    .map((item) => ({ ...blocker('evidence-item-missing', 'filer', '/evidence'), item }));
};

/** What is said of files and can't be: it is not on the policy's list, or the file is not one of the request's. */
export const unknownProofs = (list: readonly EvidenceItem[], proofs: NonNullable<Facts['proofs']>): Blocker[] =>
  proofs.flatMap(({ item, handedIn }, i) => {
    const listed = list.some(({ id }) => id === item);
    if (listed && handedIn) return [];
    return [blocker('unknown-evidence-item', 'filer', `/evidence/${i}/${listed ? 'id' : 'item'}`)];
  });

export const proofsKnown: OwnRule<Kind> = ({ kind, policy, proofs = [] }) => unknownProofs(policy.kinds[kind].evidence, proofs);

/** What is still to be handed in of a case that its filer has not filed, but was asked for. */
export const evidenceMissing = (facts: Evidenced): Blocker[] => {
  const few = evidenceEnough(facts);
  return [...(few ? [few] : []), ...itemsProven(facts)];
};
