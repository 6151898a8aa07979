export const VIEWS = ['password', 'sessions', 'proxies'] as const;

/** What stands in the address. */
export interface Filters {
  view?: (typeof VIEWS)[number] | undefined;
}

export const filtersOf = (search: Record<string, unknown>): Filters => ({
  view: VIEWS.find((one) => one === search.view && one !== 'password'),
});
