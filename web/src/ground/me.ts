import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, told, type Schemas } from './api';

export type Me = Schemas['MeView'];

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/me', { signal })),
  staleTime: 60_000,
});

export const useMe = (): Me => useSuspenseQuery(meQuery).data;

export const holds = (me: Me, offices: readonly string[]): boolean => me.offices.some(({ office }) => offices.includes(office));
