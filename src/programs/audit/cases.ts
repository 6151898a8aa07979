import type { DataSource } from 'typeorm';
import { CalendarStore } from '../../calendar/calendar.store.js';
import { asAct } from '../../cases/cases.store.js';
import { expectedOf, findDiffering } from '../../cases/drift.js';
import { historyOf, type CaseHistory } from '../../cases/rows.js';
import { inSnapshot, type Transaction } from '../../platform/database/in-scope.js';
import { readStreams, type StoredAct } from '../../platform/ledger/streams.js';
import { BEFORE_ALL_IDS, type Report } from './report.js';

const AT_ONCE = 200;
const PAGE = 'select id from change_request where id > $1 order by id limit $2';
const MOVING = `select 1 from deadline_move where phase = 'tasks' limit 1`;

/** Requests and their tasks are what a fold of their acts says. Each page is read in one snapshot, so that nothing moves in between. */
export async function verifyCases(db: DataSource, report: Report): Promise<void> {
  const calendars = new CalendarStore();
  for (let after = BEFORE_ALL_IDS; ;) {
    const ids = await inSnapshot(db, (tx) => verifyPage(tx, calendars, after, report));
    const end = ids.at(-1);
    if (end === undefined || ids.length < AT_ONCE) return;
    after = end;
  }
}

async function verifyPage(tx: Transaction, calendars: CalendarStore, after: string, report: Report): Promise<string[]> {
  const ids = (await tx.query<{ id: string }[]>(PAGE, [after, AT_ONCE])).map(({ id }) => id);
  const [inForce, streams, moving] = await Promise.all([calendars.current(tx), readStreams(tx, ids), tx.query<unknown[]>(MOVING, [])]);
  const expected = ids.flatMap((id) => {
    const history = known(streams.get(id) ?? []);
    if (!history) report(`request ${id}: its acts make no case`);
    return history ? [expectedOf(id, history, inForce, moving.length === 0)] : [];
  });
  for (const { id, what } of await findDiffering(tx, expected)) report(`request ${id}: not what its acts say: ${what.join(', ')}`);
  return ids;
}

function known(acts: readonly StoredAct[]): CaseHistory | undefined {
  try {
    return historyOf(acts.map(asAct));
  } catch {
    return undefined;
  }
}
