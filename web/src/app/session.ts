import type { QueryClient } from '@tanstack/react-query';
import { api, told } from '../ground/api';
import { meQuery, type Me } from '../ground/me';

export interface Credentials {
  username: string;
  password: string;
}

export const signIn = (body: Credentials): Promise<Me> => told(api.POST('/api/v1/browser-sessions', { body }));

/** As an account of the demonstration, by its name alone. */
export const signInAs = (account: string): Promise<Me> => told(api.POST('/api/v1/browser-sessions/demonstration', { body: { account } }));

export const changePassword = (currentPassword: string, newPassword: string) =>
  told(api.PUT('/api/v1/me/password', { body: { currentPassword, newPassword } }));

/** Whatever the server says, nothing of the person stays on the page. Answers where to go on to, where the issuer signs out too. */
export async function signOut(queries: QueryClient): Promise<string | null> {
  const ended = await told(api.DELETE('/api/v1/browser-sessions/current')).catch(() => undefined);
  queries.clear();
  return ended?.continueAt ?? null;
}

/** After a sign-in nothing of whoever was signed in before is shown. */
export async function enter(queries: QueryClient): Promise<Me> {
  queries.clear();
  return queries.fetchQuery(meQuery);
}
