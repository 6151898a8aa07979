import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import { intakeCode, registrationEndsOn } from '../domain/terms/registration-period.js';

/**
 * Whether a province takes registrations of the intake of a day of entry today: until the cut-off, or in a window that it opened. What is
 * asked for at the same time is one statement.
 */
export async function registrationIsOpen(
  tx: Transaction,
  { provinceId, enrolledOn, today }: { readonly provinceId: string; readonly enrolledOn: string; readonly today: string },
): Promise<boolean> {
  if (today <= registrationEndsOn(enrolledOn)) return true;
  const open = await together(tx, 'late windows', `${provinceId} ${intakeCode(enrolledOn)} ${today}`, async (keys) =>
    byKey(
      await tx.query<{ key: string }[]>(
        `select k.key from unnest($1::text[]) k (key) where exists (
           select 1 from late_window w where w.province_id = split_part(k.key, ' ', 1)::uuid and w.intake = split_part(k.key, ' ', 2)
             and w.closed_at is null and split_part(k.key, ' ', 3)::date between w.opens_on and w.closes_on)`,
        [keys],
      ),
    ),
  );
  return open !== undefined;
}
