import type { ActedBy } from '../domain/acts.js';
import type { Actor, Office } from '../domain/offices.js';

/** The person, and which of the person's offices the act was done in: the first that fits. */
export function actedBy(actor: Actor, ...fitting: { office: Office; organisationId: string }[]): ActedBy {
  const found = fitting.find((fit) =>
    actor.offices.some((held) => held.office === fit.office && held.organisationId === fit.organisationId),
  );
  const office = found ?? actor.offices[0];
  if (!office) throw new Error('an act needs an office');
  return { personId: actor.personId, office: office.office, organisationId: office.organisationId };
}
