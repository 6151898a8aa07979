import type { QueryClient } from '@tanstack/react-query';
import { Refusal, type Problem } from '../ground/api';
import { meQuery, type Me } from '../ground/me';

const SESSIONS = '/api/v1/browser-sessions';

/** Until the routes of the session are in the document, they are called by hand. The session is a cookie that no script can read. */
async function call(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      'X-Xueji-Client': 'workbench',
      'Accept-Language': document.documentElement.lang,
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  }).catch(() => {
    throw new Refusal(0, undefined, undefined);
  });
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw new Refusal(response.status, answer as Problem | undefined, undefined);
  return answer;
}

export interface Credentials {
  username: string;
  password: string;
}

/** What a sign-in answers: who one is, or that a one-time password serves only to set another. */
export type SignedIn = Partial<Me> & { passwordChangeRequired?: boolean };

export const signIn = (credentials: Credentials) => call('POST', SESSIONS, credentials) as Promise<SignedIn>;

export const changePassword = (currentPassword: string, newPassword: string) =>
  call('PUT', '/api/v1/me/password', { currentPassword, newPassword });

/** Whatever the server says, nothing of the person stays on the page. */
export async function signOut(queries: QueryClient): Promise<void> {
  await call('DELETE', `${SESSIONS}/current`).catch(() => undefined);
  queries.clear();
}

/** After a sign-in nothing of whoever was signed in before is shown. */
export async function enter(queries: QueryClient): Promise<Me> {
  queries.clear();
  return queries.fetchQuery(meQuery);
}
