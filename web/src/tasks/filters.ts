import type { paths } from '../generated/api';

type Asked = NonNullable<paths['/api/v1/tasks']['get']['parameters']['query']>;

export const BOXES = ['open', 'mine', 'decided', 'paused'] as const;
export type Box = (typeof BOXES)[number];

/** What stands in the address of the inbox. A person's name never does. */
export interface Filters {
  box?: Box | undefined;
  kind?: Asked['kind'] | undefined;
  schoolId?: string | undefined;
  overdue?: boolean | undefined;
  returned?: boolean | undefined;
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
  filedBy?: string | undefined;
  sort?: Asked['sort'] | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const text = (value: unknown, form: RegExp): string | undefined => (typeof value === 'string' && form.test(value) ? value : undefined);
const flag = (value: unknown): boolean | undefined => (value === true ? true : undefined);

/** An address may hold anything; what is no filter is left out. */
export function filtersOf(search: Record<string, unknown>): Filters {
  return {
    box: BOXES.find((one) => one === search.box && one !== 'open'),
    kind: text(search.kind, /^\w+$/) as Filters['kind'],
    schoolId: text(search.schoolId, /^[\da-f-]{36}$/),
    overdue: flag(search.overdue),
    returned: flag(search.returned),
    dueFrom: text(search.dueFrom, DAY),
    dueTo: text(search.dueTo, DAY),
    filedBy: text(search.filedBy, /^[\da-f-]{36}$/),
    sort: search.sort === 'filedAt' ? 'filedAt' : undefined,
  };
}

/** The filters as the API takes them. */
export function askedBy({ box = 'open', ...filters }: Filters): Asked {
  return { ...filters, state: box === 'mine' ? 'open' : box, ...(box === 'mine' ? { mine: true } : {}) };
}
