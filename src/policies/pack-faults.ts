import type { Transaction } from '../platform/database/in-scope.js';
import type { PackFault } from '../domain/packs/policy-bound.js';
import { boundFaults } from '../domain/packs/policy-bounds.js';
import { inherited, type PolicyContent } from '../domain/packs/policy-pack.js';
import { dateOf, parsePlainDate } from '../domain/working-days.js';
import { judgeable } from './judgeable.js';
import { organisationFaults } from './pack-organisations.js';
import { shapeFaults, type Pack } from './policy-schema.js';

/**
 * Every reason why a province's pack is refused (A17): its shape, its document, the national bounds, its organisations. An organisation
 * must exist and have somebody to decide. Parts of wrong shape are left out of the other checks. Pointers begin at the pack: `/document/…`,
 * `/content/…`.
 */
export async function packFaults(
  tx: Transaction,
  { organisationId, base }: { readonly organisationId: string; readonly base: PolicyContent },
  pack: unknown,
  now: number,
): Promise<PackFault[]> {
  const shape = shapeFaults(pack);
  const { content, depends } = judgeable(pack, shape);
  const policy = inherited<PolicyContent>(base, content);
  const bounds = boundFaults(policy).map((fault) => ({ ...fault, pointer: `/content${fault.pointer}` }));
  return unrepeated([
    ...shape,
    ...documentFaults(pack, dateOf(now)),
    ...bounds.filter((fault) => !depends(fault)),
    ...(await organisationFaults(tx, organisationId, policy, now)),
  ]);
}

function documentFaults(pack: unknown, today: string): PackFault[] {
  const { date } = (pack as { document?: Partial<Pack['document']> } | null)?.document ?? {};
  if (typeof date !== 'string') return [];
  const at = { pointer: '/document/date', article: 'A17' };
  if (!parsePlainDate(date)) return [{ code: 'wrong-shape', ...at, detail: 'must be a date YYYY-MM-DD' }];
  return date > today ? [{ code: 'document-date-impossible', ...at }] : [];
}

const unrepeated = (faults: readonly PackFault[]): PackFault[] =>
  faults.filter(({ code, pointer, detail }, i) => {
    const first = faults.findIndex((one) => one.code === code && one.pointer === pointer);
    return first === i || (detail !== undefined && faults[first]?.detail !== undefined && faults[first]?.detail !== detail);
  });
