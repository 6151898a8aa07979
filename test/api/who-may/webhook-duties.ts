import type { OfficeDuty } from './offices.js';
import { has, keepsHooks, NOT_YOURS, unless } from './standing-over.js';

const duty = (endpoint: string, act: string, call: OfficeDuty['call'], refused: OfficeDuty['refused']): OfficeDuty => ({
  endpoint,
  acts: [act],
  call,
  refused,
});
const at =
  (name: string, path: (id: string) => string, body: unknown): OfficeDuty['call'] =>
  ({ ids }) => ({ path: path(ids[name] as string), body });

/** What an administrator does with the webhooks of an organisation. */
export const WEBHOOK_DUTIES: readonly OfficeDuty[] = [
  duty(
    'webhooks',
    'webhookAdded',
    ({ places: { source } }) => ({ path: '/webhooks', body: { organisationId: source.id, url: 'https://hooks.example/none' } }),
    ({ places: { source }, home }, caller) => unless(has(caller, 'orgAdmin', source, home), NOT_YOURS),
  ),
  duty(
    'webhooks/{id}/resume',
    'webhookResumed',
    at('hook', (id) => `/webhooks/${id}/resume`, {}),
    keepsHooks,
  ),
  duty(
    'webhooks/{id}/replay',
    'webhookReplayed',
    at('hook', (id) => `/webhooks/${id}/replay`, { after: '0' }),
    keepsHooks,
  ),
  duty(
    'patch webhooks/{id}',
    'webhookChanged',
    ({ ids }) => ({ method: 'PATCH', path: `/webhooks/${ids.hook}`, body: { kinds: ['closed'] } }),
    keepsHooks,
  ),
  duty(
    'webhooks/{id}/secret',
    'webhookSecretRotated',
    at('hook', (id) => `/webhooks/${id}/secret`, {}),
    keepsHooks,
  ),
  duty('delete webhooks/{id}', 'webhookRemoved', ({ ids }) => ({ method: 'DELETE', path: `/webhooks/${ids.hookToRemove}` }), keepsHooks),
];
