import type { Logger } from 'pino';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import type { ActBody, IdentityChecked } from '../domain/case/acts.js';
import { fullyApproved } from '../domain/case/case.js';
import type { DocumentType } from '../domain/dossier/id-document.js';
import { touchesIdentity } from '../domain/dossier/personal-facts.js';
import type { IdentityAuthentication, IdentityQuestion } from './identity.js';
import { presentPersonal } from '../dossier/personal.store.js';
import { wakeOne, workflowIdOf, type WakeDeps } from '../cases/wakes.js';
import { asAct, lockCase, record, type CaseDeps, type LoadedCase } from '../cases/cases.store.js';
import { correctionIn } from '../dossier/correction-texts.js';

export interface IdentityCheckDeps extends CaseDeps, WakeDeps {
  readonly identity: IdentityAuthentication;
  readonly log: Logger;
}

const CHECKS_AT_ONCE = 8;
const MINUTE = 60_000;
/** Milliseconds of a lease on a check. After it another process asks, because the first may have died. */
const CHECK_LEASE = 2 * MINUTE;
/** An answer that does not confirm may be mended at the register while the request is open. */
export const MENDED = 6 * 60 * MINUTE;
const LONGEST_PAUSE = 60 * MINUTE;

/** Has the identities that filings propose authenticated, from now on. */
export async function askForIdentities(
  tx: Transaction,
  filed: readonly { readonly id: string; readonly details: Readonly<Record<string, unknown>> }[],
  dueAt: Date,
): Promise<void> {
  const proposing = filed.filter(({ details: { fields } }) => Array.isArray(fields) && touchesIdentity(fields as string[]));
  await insertRows(
    tx,
    'identity_check',
    proposing.map(({ id }) => ({ requestId: id, dueAt })),
  );
}

/**
 * Asks the population service about the identities that open corrections propose. It asks outside any transaction and workflow, so that a
 * slow service holds no lock and no activity. Each new answer is a note on the request, and a case that waited for it is woken. True when
 * there may be more to ask.
 */
export async function checkIdentities(deps: IdentityCheckDeps): Promise<boolean> {
  await inScope(deps.db, 'process', (tx) =>
    tx.query(`delete from identity_check c using change_request r where r.id = c.request_id and r.state <> 'open' and c.due_at <= $1`, [
      new Date(deps.clock.now()),
    ]),
  );
  return askDue(deps, ['identity_check', 'request_id'], check);
}

/** A question that waits for the population service, about what the row of its table names. */
export interface DueCheck {
  readonly id: string;
  readonly attempts: number;
}

/**
 * Asks what is due in a table of such questions: each is claimed for a while, so that two processes do not ask the same. One that fails is
 * logged, is asked again later, and keeps no other from being asked. True when there may be more.
 */
export async function askDue(
  deps: IdentityCheckDeps,
  [table, id]: readonly ['identity_check', 'request_id'] | readonly ['registration_check', 'registration_id'],
  ask: (deps: IdentityCheckDeps, one: DueCheck) => Promise<void>,
): Promise<boolean> {
  const now = deps.clock.now();
  const [due] = await inScope(deps.db, 'process', (tx) =>
    tx.query<[DueCheck[], number]>(
      `update ${table} set due_at = $2, attempts = attempts + 1
       where ${id} in (select ${id} from ${table} where due_at <= $1 order by due_at limit $3 for update skip locked)
       returning ${id} as id, attempts`,
      [new Date(now), new Date(now + CHECK_LEASE), CHECKS_AT_ONCE],
    ),
  );
  await Promise.all(
    due.map((one) =>
      ask(deps, one).catch((error: unknown) => deps.log.error({ err: error, [id]: one.id }, 'an identity could not be checked')),
    ),
  );
  return due.length === CHECKS_AT_ONCE;
}

async function check(deps: IdentityCheckDeps, { id, attempts }: DueCheck): Promise<void> {
  const question = await inScope(deps.db, 'process', (tx) => questionOf(tx, deps, id));
  if (!question) return;
  const answer = await deps.identity.check(question).catch(() => 'unavailable' as const);
  const checked: IdentityChecked = { answer, attested: question.documentType !== 'residentId' };
  const woken = await inScope(deps.db, 'process', (tx) => note(tx, deps, id, checked, attempts));
  if (woken) await wakeOne(deps, { requestId: id, kind: 'identityChecked', workflowId: workflowIdOf(woken.kind, woken.number) });
}

/** The proposed identity: the new values, and the present ones where nothing changes. */
async function questionOf(tx: Transaction, { cipher }: IdentityCheckDeps, id: string): Promise<IdentityQuestion | undefined> {
  const [request] = await tx.query<{ studentId: string }[]>(
    `select student_id as "studentId" from change_request where id = $1 and state = 'open'`,
    [id],
  );
  if (!request) return undefined;
  const [present, { changes }] = await Promise.all([presentPersonal(tx, cipher, request.studentId), correctionIn(tx, cipher, id)]);
  const { name = '', documentType = 'other', documentNumber = '' } = { ...present, ...changes };
  return { documentType: documentType as DocumentType, documentNumber, name };
}

/** Records an answer that says something new, and when to ask again; the request when its case waits for this. */
async function note(
  tx: Transaction,
  deps: IdentityCheckDeps,
  id: string,
  checked: IdentityChecked,
  attempts: number,
): Promise<LoadedCase['request'] | undefined> {
  const loaded = await lockCase(tx, id);
  if (!loaded || loaded.state.closed) return undefined;
  const act: ActBody = { kind: 'identityChecked', ...checked };
  const last = loaded.acts.map(asAct).findLast(({ kind }) => kind === 'identityChecked');
  const news = last?.kind !== 'identityChecked' || last.answer !== checked.answer;
  if (news) await record(tx, deps, loaded, act);
  const pause = againIn(checked, attempts);
  if (pause === undefined) await tx.query('delete from identity_check where request_id = $1', [id]);
  else
    await tx.query('update identity_check set due_at = $2, attempts = $3 where request_id = $1', [
      id,
      new Date(deps.clock.now() + pause),
      checked.answer === 'unavailable' ? attempts : 0,
    ]);
  return news && fullyApproved(loaded.state) ? loaded.request : undefined;
}

/** A service that is down is asked again soon, then less often; a match is not asked again. */
function againIn({ answer }: IdentityChecked, attempts: number): number | undefined {
  if (answer === 'matched') return undefined;
  return answer === 'unavailable' ? pauseAfter(attempts) : MENDED;
}

/** A service that is down is asked again after 1, 2, 4 … minutes, at most every hour. */
export const pauseAfter = (attempts: number): number => Math.min(LONGEST_PAUSE, (MINUTE / 2) * 2 ** Math.min(attempts, 10));
