export const VIEWS = ['people', 'offices', 'grants', 'heads', 'webhooks', 'programmes'] as const;

/** What stands in the address. */
export interface Filters {
  view?: (typeof VIEWS)[number] | undefined;
  organisationId?: string | undefined;
}

export const filtersOf = ({ view, organisationId }: Record<string, unknown>): Filters => ({
  view: VIEWS.find((one) => one === view),
  organisationId: typeof organisationId === 'string' && /^[\da-f-]{36}$/.test(organisationId) ? organisationId : undefined,
});
