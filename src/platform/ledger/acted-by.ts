import type { ActedBy } from '../../domain/case/acts.js';
import type { Actor, Office, ProxyOffice } from '../../domain/offices.js';

/** The signer of an act, with the head of the acting organisation on that day (A18). */
export type Signature = ActedBy & {
  readonly headId: string | null;
  /** The absent person in whose office a proxy 代理 acts; goes into the act's body, which the chain covers. */
  readonly onBehalfOfPerson?: string;
};

/** A proxy signs in the absent person's office, with both names. */
export const actedFor = ({ personId }: Actor, { office, organisationId, headId, principalId }: ProxyOffice): Signature => ({
  personId,
  office,
  organisationId,
  headId: headId ?? null,
  onBehalfOfPerson: principalId,
});

/** The person, and which of the person's offices the act was done in: the first that fits. */
export function actedBy(actor: Actor, ...fitting: { office: Office; organisationId: string }[]): Signature {
  const found = fitting.flatMap(
    (fit) => actor.offices.find((held) => held.office === fit.office && held.organisationId === fit.organisationId) ?? [],
  );
  const office = found[0] ?? actor.offices[0];
  if (!office) throw new Error('an act needs an office');
  return { personId: actor.personId, office: office.office, organisationId: office.organisationId, headId: office.headId ?? null };
}
