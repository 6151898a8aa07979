/** Evaluated once for a statement: whether the transaction is a process's, or looks beyond its person's scope for a reason it gave. */
export const BEYOND = `(select coalesce(current_setting('xueji.reach', true), '') <> '')`;

/** Cast twice, for `any` of a bare subquery would mean its rows. */
const idsOf = (setting: string): string => `(select coalesce(nullif(current_setting('${setting}', true), ''), '{}')::uuid[])::uuid[]`;

/** The organisations whose cases the person sees; none when no scope is set. */
export const WATCHED = idsOf('xueji.organisations');
/** Those of them in whose name the person reads contents: operators see cases, and read none (docs/decisions/0019). */
export const HANDLED = idsOf('xueji.handled');

/** Whether the person reads what a request (alias `r`) says, and not only how it stands. */
export const READABLE = (r: string): string => `(${BEYOND} or ${r}.seen_by && ${HANDLED})`;
