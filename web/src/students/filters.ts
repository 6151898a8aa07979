import type { paths } from '../generated/api';

type Asked = NonNullable<paths['/api/v1/students']['get']['parameters']['query']>;

/** What stands in the address of the list. What a person is found by never does. */
export interface Filters {
  schoolId?: string | undefined;
  classId?: string | undefined;
  grade?: string | undefined;
  state?: Asked['state'] | undefined;
  unplaced?: true | undefined;
}

const given = (value: unknown, form: RegExp): string | undefined => (typeof value === 'string' && form.test(value) ? value : undefined);
const ID = /^[\da-f-]{36}$/;

/** An address may hold anything; what is no filter is left out. */
export function filtersOf(search: Record<string, unknown>): Filters {
  return {
    schoolId: given(search.schoolId, ID),
    classId: given(search.classId, ID),
    grade: given(String(search.grade ?? ''), /^\d{4}$/),
    state: given(search.state, /^\w+$/) as Filters['state'],
    unplaced: search.unplaced === true ? true : undefined,
  };
}

/** The day as of which a dossier is shown. */
export const asOfOf = (search: Record<string, unknown>): { asOf?: string | undefined } => ({
  asOf: given(search.asOf, /^\d{4}-\d\d-\d\d$/),
});
