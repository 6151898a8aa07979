/** What stands in the address. */
export interface Filters {
  year?: number | undefined;
  provinceId?: string | undefined;
}

const FIRST = 2000;
const LAST = 2099;

export const filtersOf = ({ year, provinceId }: Record<string, unknown>): Filters => ({
  year: typeof year === 'number' && Number.isInteger(year) && year >= FIRST && year <= LAST ? year : undefined,
  provinceId: typeof provinceId === 'string' && /^[\da-f-]{36}$/.test(provinceId) ? provinceId : undefined,
});
