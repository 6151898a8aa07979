export const GROUPINGS = ['authority', 'school'] as const;

/** What stands in the address. */
export interface Filters {
  by?: (typeof GROUPINGS)[number] | undefined;
  schoolId?: string | undefined;
  term?: string | undefined;
}

const text = (value: unknown, form: RegExp): string | undefined => (typeof value === 'string' && form.test(value) ? value : undefined);

export const filtersOf = (search: Record<string, unknown>): Filters => ({
  by: GROUPINGS.find((one) => one === search.by && one !== 'school'),
  schoolId: text(search.schoolId, /^[\da-f-]{36}$/),
  term: text(search.term, /^[\d-]+$/),
});
