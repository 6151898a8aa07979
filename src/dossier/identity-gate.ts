import { confirmsIdentity, type Act } from '../domain/case/acts.js';
import { touchesIdentity, type Personal } from '../domain/dossier/personal-facts.js';
import { asAct } from '../cases/cases.store.js';
import type { Cause, Subject } from './effect.js';
import type { Authentication } from './student.entity.js';

/** Milliseconds that an approval waits for the first answer of the population service before the case parks. */
const FIRST_ANSWER = 60_000;
const LOOK_AGAIN = 1000;

type IdentityAct = Extract<Act, { kind: 'identityChecked' }>;

const checked = ({ loaded }: Pick<Subject, 'loaded'>): IdentityAct | undefined =>
  loaded.acts.map(asAct).findLast((act): act is IdentityAct => act.kind === 'identityChecked');

/** How an identity that was let through is authenticated: what the service can't know, the authority's reviewer attested by approving. */
export const authenticationBy = (subject: Pick<Subject, 'loaded'>): Authentication =>
  checked(subject)?.answer === 'matched' ? 'confirmed' : 'attested';

/** Why a proposed identity may not be written yet: the population service has not confirmed it. Undefined where nothing holds. */
export function notConfirmed(subject: Subject, changes: Personal): { cause: Cause } | { retryAfter: number } | undefined {
  if (!touchesIdentity(Object.keys(changes))) return undefined;
  const { deps, loaded } = subject;
  const last = checked(subject);
  const decidedAt = loaded.acts.map(asAct).findLast(({ kind }) => kind === 'decided')?.at ?? 0;
  if (!last && deps.clock.now() - decidedAt < FIRST_ANSWER) return { retryAfter: LOOK_AGAIN };
  if (!last || last.answer === 'unavailable') return { cause: 'identity-service-unavailable' };
  return confirmsIdentity(last) ? undefined : { cause: 'identity-not-confirmed' };
}
