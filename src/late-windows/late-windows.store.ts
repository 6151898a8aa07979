import type { Transaction } from '../platform/database/in-scope.js';
import { intakeCode, registrationEndsOn } from '../domain/terms/registration-period.js';

/** Whether a province takes registrations of the intake of a day of entry today: until the cut-off, or in a window that it opened. */
export async function registrationIsOpen(
  tx: Transaction,
  { provinceId, enrolledOn, today }: { readonly provinceId: string; readonly enrolledOn: string; readonly today: string },
): Promise<boolean> {
  if (today <= registrationEndsOn(enrolledOn)) return true;
  const [open]: unknown[] = await tx.query(
    'select 1 from late_window where province_id = $1 and intake = $2 and closed_at is null and $3::date between opens_on and closes_on',
    [provinceId, intakeCode(enrolledOn), today],
  );
  return open !== undefined;
}
