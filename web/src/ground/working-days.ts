import { useQueries } from '@tanstack/react-query';
import { api, told, type Schemas } from './api';
import { today } from './days';

type Year = Schemas['CalendarYearView'];

const DAY_MS = 86_400_000;
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** Working days after one day up to another. */
export function workingDaysBetween(after: string, upTo: string, kinds: ReadonlyMap<string, string>): number {
  let found = 0;
  for (let instant = at(after) + DAY_MS; instant <= at(upTo); instant += DAY_MS) {
    const kind = kinds.get(dayOf(instant));
    const weekday = new Date(instant).getUTCDay();
    if (kind === 'makeupWorkday' || (kind !== 'holiday' && weekday !== 0 && weekday !== 6)) found += 1;
  }
  return found;
}

/** How many working days are left until a day, by the nation's calendar; nothing until the calendar has been read. */
export function useWorkingDaysLeft(): (dueDate: string) => number | undefined {
  const from = today();
  const year = Number(from.slice(0, 4));
  const found = useQueries({
    queries: [year, year + 1].map((one) => ({
      queryKey: ['calendar', one],
      queryFn: () => told(api.GET('/api/v1/calendar/{year}', { params: { path: { year: String(one) } } })),
      staleTime: 3_600_000,
    })),
  });
  if (found.some(({ data }) => !data)) return () => undefined;
  const kinds = new Map(found.flatMap(({ data }) => ((data as Year).days ?? []).map(({ date, kind }) => [date, kind] as const)));
  return (dueDate) => (dueDate > from && Number(dueDate.slice(0, 4)) <= year + 1 ? workingDaysBetween(from, dueDate, kinds) : undefined);
}
