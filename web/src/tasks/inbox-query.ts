import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, told, type Schemas } from '../ground/api';
import { askedBy, type Filters } from './filters';

export type Row = Schemas['TaskView'];

/** What a person is found by is sent in a body, never in an address. */
const studentOf = (sought: string): Schemas['NamedStudent'] | undefined => {
  if (sought === '') return undefined;
  return /^[A-Za-z][\dA-Za-z*]{18}$/.test(sought) ? { studentNumber: sought.toUpperCase() } : { name: sought };
};
const NUMBER = /^\d{4}-\d+$/;
const PAGE = 50;

/** A list of tasks, a page at a time. */
export const inboxQuery = (filters: Filters, sought: string) =>
  infiniteQueryOptions({
    queryKey: ['tasks', filters, sought],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...askedBy(filters), limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      if (NUMBER.test(sought)) return told(api.GET('/api/v1/tasks', { params: { query: { ...asked, number: sought } }, signal }));
      const student = studentOf(sought);
      if (!student) return told(api.GET('/api/v1/tasks', { params: { query: asked }, signal }));
      return told(api.POST('/api/v1/tasks/search', { body: { ...asked, student } as Schemas['TaskSearch'], signal }));
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: 30_000,
  });
