import type { Transaction } from '../platform/database/in-scope.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { LateWindow } from '../late-windows/late-window.entity.js';
import { appendNext, type LedgerDeps } from '../platform/ledger/streams.js';
import { demoId } from './demo-id.js';
import { demoPacks } from './policies.js';
import { REFERENCE_YEAR } from './students.js';

const INTAKE = `${REFERENCE_YEAR}-autumn`;
const OPENS = `${REFERENCE_YEAR}-11-21`;
const LATEST = `${REFERENCE_YEAR + 1}-11-20`;

/** In both provinces a window for the autumn's intake, invented as their packs are: a visitor may register on any day. */
export async function seedLateWindows(tx: Transaction, deps: LedgerDeps): Promise<void> {
  const now = deps.clock.now();
  const inAYear = addDays(dateOf(now), 365);
  const closesOn = inAYear > LATEST ? inAYear : LATEST;
  for (const { division, organisationId: provinceId, document: pack } of demoPacks()) {
    const id = demoId('lateWindow', division);
    const openedBy = demoId('person', `supervisor.${division}`);
    const document = { number: `${pack.number}（补办）`, issuingBody: pack.issuingBody, date: pack.date };
    const days = { opensOn: OPENS, closesOn };
    await tx.of(LateWindow).insert({ id, provinceId, intake: INTAKE, ...days, document, openedBy, openedAt: new Date(now) });
    await appendNext(tx, deps, 'organisation', provinceId, {
      kind: 'lateWindowOpened',
      by: { personId: openedBy, office: 'authoritySupervisor', organisationId: provinceId },
      body: { lateWindowId: id, intake: INTAKE, from: days.opensOn, to: days.closesOn, document },
    });
  }
}
