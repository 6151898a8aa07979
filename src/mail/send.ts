import type { Transporter } from 'nodemailer';
import type { DataSource } from 'typeorm';
import type { CalendarStore } from '../calendar/calendar.store.js';
import type { Clock } from '../platform/clock.js';
import { underAdvisoryLock } from '../platform/database/advisory-lock.js';
import { LOCKS } from '../platform/database/locks.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope } from '../platform/database/in-scope.js';
import { addressOf } from '../notifications/address.js';
import { letterOf } from './letter.js';
import { gatherLetters } from './outbox.js';

export interface MailDeps {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  readonly calendar: CalendarStore;
  readonly transport: Pick<Transporter, 'sendMail'>;
  /** The sender's address. */
  readonly from: string;
}

interface Due {
  id: string;
  personId: string;
  sealed: Buffer | null;
  attempts: number;
}

const LETTERS_AT_ONCE = 20;
/** After so many attempts, some two days, a letter is given up; its notifications stay in the API. */
export const MOST_MAIL_ATTEMPTS = 14;
const MINUTE = 60_000;
/** Until the next attempt: 1, 2, 4 … minutes, at most six hours. */
const backOff = (attempts: number): number => Math.min(360, 2 ** (attempts - 1)) * MINUTE;

const DUE = `
  select m.id, m.person_id as "personId", p.email_cipher as sealed, m.attempts from mail m join person p on p.id = m.person_id
  where m.state = 'pending' and m.next_attempt_at <= $1 order by m.next_attempt_at, m.id limit $2`;

/**
 * Gathers letters and sends those that are due, one process at a time; true when there are more. At least once, with one Message-ID a
 * letter.
 */
export async function sendLetters(deps: MailDeps): Promise<boolean> {
  const more = await underAdvisoryLock(deps.db, LOCKS.mail, async () => {
    const due = await inScope(deps.db, 'system', async (tx) => {
      await gatherLetters(tx, deps.clock, deps.calendar);
      return tx.query<Due[]>(DUE, [new Date(deps.clock.now()), LETTERS_AT_ONCE]);
    });
    for (const letter of due) if (!(await sent(deps, letter))) return false;
    return due.length === LETTERS_AT_ONCE;
  });
  return more ?? false;
}

/** One attempt; false when the server is not to be reached and others need not be tried now. */
async function sent(deps: MailDeps, { id, personId, sealed, attempts }: Due): Promise<boolean> {
  const to = addressOf(deps.cipher, personId, sealed);
  if (to === null) return noted(deps, id, { state: 'failed', attempts, failure: 'no-address' });
  const letter = await inScope(deps.db, 'system', (tx) => letterOf(tx, id));
  const headers = { 'Auto-Submitted': 'auto-generated' };
  try {
    await deps.transport.sendMail({ from: deps.from, to, messageId: `<${id}@xueji>`, ...letter, headers });
    return await noted(deps, id, { state: 'sent', attempts: attempts + 1 });
  } catch (error) {
    const { refused, failure } = failureOf(error);
    const givenUp = refused >= 500 || attempts + 1 >= MOST_MAIL_ATTEMPTS;
    await noted(deps, id, { state: givenUp ? 'failed' : 'pending', attempts: attempts + 1, failure });
    return refused > 0;
  }
}

/**
 * What goes on record of a failure: codes only, for a mail server's words repeat the address. `refused`: the SMTP code, 0 when unreached.
 */
function failureOf(error: unknown): { refused: number; failure: string } {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const refused = typeof responseCode === 'number' ? responseCode : 0;
  return { refused, failure: [typeof code === 'string' ? code : 'ESEND', ...(refused ? [refused] : [])].join(' ') };
}

async function noted(
  { db, clock }: MailDeps,
  id: string,
  { state, attempts, failure }: { state: 'pending' | 'sent' | 'failed'; attempts: number; failure?: string },
): Promise<true> {
  const now = clock.now();
  await inScope(db, 'system', (tx) =>
    tx.query(`update mail set state = $2, attempts = $3, failure = $4, next_attempt_at = $5, sent_at = $6 where id = $1`, [
      id,
      state,
      attempts,
      failure ?? null,
      new Date(now + backOff(Math.max(1, attempts))),
      state === 'sent' ? new Date(now) : null,
    ]),
  );
  return true;
}
