import type { Transaction } from '../../platform/database/in-scope.js';
import { registrationIsOpen } from '../../late-windows/late-windows.store.js';
import { LATEST_ENROLMENT } from './disputes.js';

/**
 * Whether a student on the way to a registration can't be registered today. The intake's cut-off is measured at the formal registration,
 * unless the province has a window open (R-06, A6). Who is registered already is not concerned.
 */
export async function registrationHasEnded(tx: Transaction, studentId: string, today: string): Promise<boolean> {
  const [coming] = await tx.query<{ enrolledOn: string; provinceId: string }[]>(
    `select to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn", o.province_id as "provinceId"
     from (${LATEST_ENROLMENT('$1')}) e join organisation o on o.id = e.school_id where e.state in ('pending','heldDuplicate')`,
    [studentId],
  );
  return coming !== undefined && !(await registrationIsOpen(tx, { ...coming, today }));
}
