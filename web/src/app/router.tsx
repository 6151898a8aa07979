import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { Refusal } from '../ground/api';
import { meQuery } from '../ground/me';
import { root, shell } from '../ground/root';
import { FailedPage, NoSuchPage, Waiting } from './states';
import { pages } from './slices';

/** Who has not signed in is led to the sign-in, and from there back. */
async function mustBeSignedIn({ context, location }: { context: { queries: QueryClient }; location: { href: string } }): Promise<void> {
  try {
    await context.queries.ensureQueryData(meQuery);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401)
      throw redirect({ to: '/sign-in', search: { back: location.href === '/' ? undefined : location.href } });
    throw error;
  }
}

// The types of the library take here only what needs no parent; at run time these are options like any other.
shell.update({ component: lazyRouteComponent(() => import('./layout'), 'Layout'), beforeLoad: mustBeSignedIn } as never);

interface SignInSearch {
  /** Where one wanted to go. */
  back?: string | undefined;
  /** The session ended while a page was open. */
  ended?: boolean | undefined;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ back, ended }: Record<string, unknown>): SignInSearch => ({
    back: typeof back === 'string' && /^\/(?![/\\])/.test(back) ? back : undefined,
    ended: ended === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('./sign-in'), 'SignIn'),
});

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren([...pages])]),
  context: { queries: undefined as never },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: FailedPage,
  defaultNotFoundComponent: NoSuchPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
