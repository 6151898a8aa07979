import { blocker } from '../refusal.js';
import type { Rules } from './facts.js';

/** Art 11: amend or corroborate a registration that can't be made normally, by either side of it. */
export const REGISTRATION_EXCEPTION: Rules<'registrationException'> = {
  own: [
    ({ details: { action, fields } }) =>
      action === 'amend' && !fields?.length ? blocker('amendments-missing', 'filer', '/details/amendments') : undefined,
    ({ details: { action, fields } }) =>
      action === 'corroborate' && fields?.length ? blocker('amendments-not-taken', 'filer', '/details/amendments') : undefined,
  ],
  student: [
    (_student, { dispute }) => (dispute ? undefined : blocker('not-in-dispute', 'filer', '/details/registrationId')),
    (_student, { dispute }) => (dispute?.beingRuled ? blocker('duplicate-being-ruled', 'authority') : undefined),
  ],
};
