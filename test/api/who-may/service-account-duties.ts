import type { OfficeDuty } from './offices.js';
import { appoints, has, NOT_THERE, NOT_YOURS, type Refusing } from './standing-over.js';

/** Whoever administers elsewhere is told that there is no such account. */
const keeps: Refusing = ({ places: { source }, home }, caller) => {
  if (has(caller, 'orgAdmin', source, home)) return undefined;
  return has(caller, 'orgAdmin') ? NOT_THERE : NOT_YOURS;
};
const at = (name: string, what: string, act: string, body: object): OfficeDuty => ({
  endpoint: `service-accounts/{id}/${what}`,
  acts: [act],
  call: ({ ids }) => ({ path: `/service-accounts/${ids[name]}/${what}`, body }),
  refused: keeps,
});

/** Service accounts of vendors' programs. */
export const SERVICE_ACCOUNT_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'service-accounts',
    acts: ['serviceAccountIssued', 'granted'],
    call: ({ places: { source } }) => ({
      path: '/service-accounts',
      body: { organisationId: source.id, name: '校务平台', purpose: '同步', offices: ['schoolClerk'], areas: ['filing'] },
    }),
    refused: appoints,
  },
  at('keyToRenew', 'key', 'serviceKeyRenewed', { reason: '更换' }),
  at('serviceToBind', 'subject', 'subjectBound', { subject: 'its-program', reason: '统一认证' }),
  { ...at('serviceToRevoke', 'revocation', 'serviceAccountRevoked', { reason: '合同到期' }), acts: ['serviceAccountRevoked', 'ended'] },
];
