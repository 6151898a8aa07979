export const VIEWS = ['cases', 'incidents', 'health'] as const;
export const HOLDS = ['effectParked', 'stepParked', 'paused', 'awaitingEffect', 'awaitingSupplement'] as const;
export const ACKNOWLEDGED = ['no', 'yes', 'all'] as const;

/** What stands in the address. */
export interface Filters {
  view?: (typeof VIEWS)[number] | undefined;
  hold?: (typeof HOLDS)[number] | undefined;
  acknowledged?: (typeof ACKNOWLEDGED)[number] | undefined;
}

export const filtersOf = (search: Record<string, unknown>): Filters => ({
  view: VIEWS.find((one) => one === search.view && one !== 'cases'),
  hold: HOLDS.find((one) => one === search.hold && one !== 'effectParked'),
  acknowledged: ACKNOWLEDGED.find((one) => one === search.acknowledged && one !== 'no'),
});
