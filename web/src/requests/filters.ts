import type { paths } from '../generated/api';

type Asked = NonNullable<paths['/api/v1/change-requests']['get']['parameters']['query']>;

/** What stands in the address of the list. A person's name never does. */
export interface Filters {
  state?: Asked['state'] | undefined;
  kind?: Asked['kind'] | undefined;
  schoolId?: string | undefined;
  studentId?: string | undefined;
  filedBy?: string | undefined;
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
  overdue?: true | undefined;
  sort?: 'dueAt' | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const ID = /^[\da-f-]{36}$/;
const WORD = /^\w+$/;
const text = (value: unknown, form: RegExp): string | undefined => (typeof value === 'string' && form.test(value) ? value : undefined);

/** An address may hold anything; what is no filter is left out. */
export function filtersOf(search: Record<string, unknown>): Filters {
  return {
    state: text(search.state, WORD) as Filters['state'],
    kind: text(search.kind, WORD) as Filters['kind'],
    schoolId: text(search.schoolId, ID),
    studentId: text(search.studentId, ID),
    filedBy: text(search.filedBy, ID),
    dueFrom: text(search.dueFrom, DAY),
    dueTo: text(search.dueTo, DAY),
    overdue: search.overdue === true ? true : undefined,
    sort: search.sort === 'dueAt' ? 'dueAt' : undefined,
  };
}
