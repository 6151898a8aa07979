import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';

export const root = createRootRouteWithContext<{ queries: QueryClient }>()();

/** Every page of somebody who has signed in lies below it: the slices give it as their parent. */
export const shell = createRoute({ getParentRoute: () => root, id: 'shell' });
