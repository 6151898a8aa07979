import type { paths } from '../generated/api';

type Asked = NonNullable<paths['/api/v1/supervision/overdue/tasks']['get']['parameters']['query']>;

export const VIEWS = ['overdue', 'tasks', 'stale', 'urges', 'bulletin'] as const;
export const GROUPINGS = ['authority', 'school', 'kind', 'age'] as const;

/** What stands in the address. */
export interface Filters {
  view?: (typeof VIEWS)[number] | undefined;
  by?: (typeof GROUPINGS)[number] | undefined;
  organisationId?: string | undefined;
  kind?: Asked['kind'] | undefined;
}

const text = (value: unknown, form: RegExp): string | undefined => (typeof value === 'string' && form.test(value) ? value : undefined);

export const filtersOf = (search: Record<string, unknown>): Filters => ({
  view: VIEWS.find((one) => one === search.view && one !== 'overdue'),
  by: GROUPINGS.find((one) => one === search.by && one !== 'authority'),
  organisationId: text(search.organisationId, /^[\da-f-]{36}$/),
  kind: text(search.kind, /^\w+$/) as Filters['kind'],
});
