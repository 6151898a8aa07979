import { randomUUID } from 'node:crypto';
import type { OfficeDuty } from './offices.js';
import { appoints, has, looksAfter, unless } from './standing-over.js';
import type { Stage } from './stage.js';

const at =
  (name: string, path: (id: string) => string, body: unknown = { reason: '按规定' }) =>
  ({ ids }: Stage) => ({ path: path(ids[name] as string), body });
const duty = (endpoint: string, act: string, call: OfficeDuty['call'], refused: OfficeDuty['refused']): OfficeDuty => ({
  endpoint,
  acts: [act],
  call,
  refused,
});

/** Accounts, and the offices that wait for a second administrator. */
export const ACCOUNT_DUTIES: readonly OfficeDuty[] = [
  duty(
    'office-grants/{id}/confirmation',
    'granted',
    ({ ids }) => ({ path: `/office-grants/${ids.toConfirm}/confirmation`, body: {} }),
    (stage, caller) => {
      const refusal = looksAfter(stage, caller);
      return refusal ?? unless(!has(caller, 'orgAdmin', stage.home), [403, 'second-administrator-required']);
    },
  ),
  duty(
    'office-grants/{id}/refusal',
    'grantRefused',
    at('toRefuse', (id) => `/office-grants/${id}/refusal`),
    looksAfter,
  ),
  duty(
    'organisations/{id}/people',
    'entered',
    ({ places: { source } }) => ({
      path: `/organisations/${source.id}/people`,
      body: { username: `new.${randomUUID()}`, displayName: '新人' },
    }),
    appoints,
  ),
  duty(
    'people/{id}/disabling',
    'disabled',
    at('toDisable', (id) => `/people/${id}/disabling`),
    looksAfter,
  ),
  duty(
    'people/{id}/enabling',
    'enabled',
    at('toEnable', (id) => `/people/${id}/enabling`),
    looksAfter,
  ),
  duty(
    'people/{id}/subject',
    'subjectBound',
    at('toBind', (id) => `/people/${id}/subject`, { subject: 'its-subject', reason: '账号更换' }),
    looksAfter,
  ),
  duty(
    'people/{id}/password-reset',
    'passwordReset',
    at('toReset', (id) => `/people/${id}/password-reset`),
    looksAfter,
  ),
];
