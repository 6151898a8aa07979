import { queryOptions } from '@tanstack/react-query';
import { api, told } from './api';

/** What the caller has to do, in numbers. */
export const summaryQuery = queryOptions({
  queryKey: ['summary'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/me/summary', { signal })),
  refetchInterval: 30_000,
});
