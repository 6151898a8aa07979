import { blocker } from '../refusal.js';
import { bornBeforeEnrolment, documentFault } from './correction.js';
import { coded, type OwnRule, type Rules } from './facts.js';

type Rule = OwnRule<'registrationException'>;

const at = (field: string): string => `/details/amendments/${field}`;

const saysWhatIsAmended: Rule = ({ details: { action, fields } }) =>
  action === 'amend' && !fields?.length ? blocker('amendments-missing', 'filer', '/details/amendments') : undefined;

const corroboratesAsItIs: Rule = ({ details: { action, fields } }) =>
  action === 'corroborate' && fields?.length ? blocker('amendments-not-taken', 'filer', '/details/amendments') : undefined;

/** A document is amended whole, and the amended identity, with what stays as it is, must hold together. */
const amendedIdentityIsOne: Rule = ({ details: { fields }, correction, today }) => {
  if (!fields?.length || !correction) return undefined;
  if ('documentType' in correction.changes !== 'documentNumber' in correction.changes)
    return blocker('document-invalid', 'filer', at('documentNumber'));
  const fault = documentFault(correction, today);
  return fault && blocker('document-invalid', 'filer', at(fault.field));
};

const amendedBirthByToday: Rule = ({ details: { fields }, correction, today }) => {
  const birthDate = fields?.includes('birthDate') ? correction?.changes.birthDate : undefined;
  return birthDate !== undefined && birthDate > today ? blocker('date-in-future', 'filer', at('birthDate')) : undefined;
};

/** Art 11: amend or corroborate a registration that can't be made normally, by either side of it. */
export const REGISTRATION_EXCEPTION: Rules<'registrationException'> = {
  own: {
    saysWhatIsAmended: coded('amendments-missing', saysWhatIsAmended),
    corroboratesAsItIs: coded('amendments-not-taken', corroboratesAsItIs),
    amendedIdentityIsOne: coded('document-invalid', amendedIdentityIsOne),
    amendedBirthByToday: coded('date-in-future', amendedBirthByToday),
  },
  student: {
    amendedBirthBeforeEnrolment: coded('birth-after-enrolment', (student, { details: { fields }, correction }) =>
      bornBeforeEnrolment(student, fields?.includes('birthDate') ? correction?.changes.birthDate : undefined, at('birthDate')),
    ),
    inDispute: coded('not-in-dispute', (_student, { dispute }) =>
      dispute ? undefined : blocker('not-in-dispute', 'filer', '/details/registrationId'),
    ),
    disputeNotBeingRuled: coded('duplicate-being-ruled', (_student, { dispute }) =>
      dispute?.beingRuled ? blocker('duplicate-being-ruled', 'authority') : undefined,
    ),
  },
};
