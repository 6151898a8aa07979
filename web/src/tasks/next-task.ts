import type { Row } from './inbox-query';

/** The list from which a task was opened, so that the next one needs no way back. It lasts as long as the page. */
let order: readonly string[] = [];

export function remember(rows: readonly Row[]): void {
  order = rows.map(({ id }) => id);
}

export const nextAfter = (id: string): string | undefined => {
  const nth = order.indexOf(id);
  return nth < 0 ? undefined : order[nth + 1];
};
