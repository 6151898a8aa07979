import { keepPreviousData, useInfiniteQuery, type QueryKey } from '@tanstack/react-query';

interface PageOf<R> {
  items: R[];
  nextCursor: string | null;
}

/** The filters of a page of a list as the API takes them. */
export interface Part {
  limit: number;
  cursor?: string;
}

const LIMIT = 50;

/** A list that is read page by page, with its rows in one. */
export function usePaged<R, P extends PageOf<R> = PageOf<R>>({
  queryKey,
  ask,
  enabled = true,
}: {
  queryKey: QueryKey;
  ask: (part: Part, signal: AbortSignal) => Promise<P & PageOf<R>>;
  enabled?: boolean;
}) {
  const list = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ask({ limit: LIMIT, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });
  const pages = list.data?.pages ?? [];
  return { list, first: pages[0], rows: pages.flatMap(({ items }) => items) };
}

/** A list that comes in one answer, told like one that comes in pages. */
export const inOne = <Q extends { error: unknown; isPending: boolean; refetch: () => unknown }>({ error, isPending, refetch }: Q) => ({
  error,
  isPending,
  refetch,
  hasNextPage: false,
  isFetchingNextPage: false,
  fetchNextPage: () => undefined,
});
