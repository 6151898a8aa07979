import type { Transporter } from 'nodemailer';
import type { DataSource } from 'typeorm';
import type { CalendarStore } from '../calendar/calendar.store.js';
import type { Clock } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope } from '../platform/database/in-scope.js';
import { addressOf } from '../notifications/address.js';
import { letterOf, type Letter } from './letter.js';
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

interface Claimed {
  readonly id: string;
  readonly personId: string;
  /** With this one. It is the claim's number too: each claim has another. */
  readonly attempts: number;
}

interface Addressed extends Claimed {
  /** Null when the person has no address any more. */
  readonly sealed: Buffer | null;
  readonly letter: Letter;
}

const LETTERS_AT_ONCE = 20;
/** After so many attempts, some two days, a letter is given up; its notifications stay in the API. */
export const MOST_MAIL_ATTEMPTS = 14;
const MINUTE = 60_000;
/** Until the next attempt: 1, 2, 4 … minutes, at most six hours. */
const backOff = (attempts: number): number => Math.min(360, 2 ** (attempts - 1)) * MINUTE;

/** A claimed letter is left to its process for so long: longer than all time limits of the connection to the mail server together. */
const CLAIM = 10 * MINUTE;

const CLAIM_NEXT = `
  update mail set attempts = attempts + 1, next_attempt_at = $2
  where id = (select id from mail where state = 'pending' and next_attempt_at <= $1 order by next_attempt_at, id limit 1
    for update skip locked)
  returning id, person_id as "personId", attempts`;

/**
 * Gathers letters and sends those that are due; true when there are more. Many processes may do so: each letter is claimed by one of them.
 * Only a process that dies between the server's word and its own note leaves a letter to be sent again, with the same Message-ID.
 */
export async function sendLetters(deps: MailDeps): Promise<boolean> {
  await inScope(deps.db, 'system', (tx) => gatherLetters(tx, deps.clock, deps.calendar));
  for (let n = 0; n < LETTERS_AT_ONCE; n += 1) {
    const next = await claimNext(deps);
    if (!next || !(await sent(deps, next))) return false;
  }
  return true;
}

function claimNext({ db, clock }: MailDeps): Promise<Addressed | undefined> {
  const now = clock.now();
  return inScope(db, 'system', async (tx) => {
    const [[claimed]] = await tx.query<[Claimed[], number]>(CLAIM_NEXT, [new Date(now), new Date(now + CLAIM)]);
    if (!claimed) return undefined;
    const [[person], letter] = await Promise.all([
      tx.query<{ sealed: Buffer | null }[]>('select email_cipher as sealed from person where id = $1', [claimed.personId]),
      letterOf(tx, claimed.id),
    ]);
    return { ...claimed, sealed: person?.sealed ?? null, letter };
  });
}

/** One attempt; false when the server is not to be reached and others need not be tried now. */
async function sent(deps: MailDeps, { sealed, letter, ...claimed }: Addressed): Promise<boolean> {
  if (sealed === null) return noted(deps, claimed, { state: 'failed', failure: 'no-address' });
  const headers = { 'Auto-Submitted': 'auto-generated' };
  try {
    const to = addressOf(deps.cipher, claimed.personId, sealed) ?? undefined;
    await deps.transport.sendMail({ from: deps.from, to, messageId: `<${claimed.id}@xueji>`, ...letter, headers });
  } catch (error) {
    const { refused, failure } = failureOf(error);
    const givenUp = refused >= 500 || claimed.attempts >= MOST_MAIL_ATTEMPTS;
    await noted(deps, claimed, { state: givenUp ? 'failed' : 'pending', failure });
    return refused > 0;
  }
  return noted(deps, claimed, { state: 'sent' });
}

/**
 * What goes on record of a failure: codes only, for a mail server's words repeat the address. `refused`: the SMTP code, 0 when unreached.
 */
function failureOf(error: unknown): { refused: number; failure: string } {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const refused = typeof responseCode === 'number' ? responseCode : 0;
  return { refused, failure: [typeof code === 'string' ? code : 'ESEND', ...(refused ? [refused] : [])].join(' ') };
}

/** Nothing when the claim has lapsed and another process has the letter: except that a letter that was sent is not sent again. */
async function noted(
  { db, clock }: MailDeps,
  { id, attempts }: Claimed,
  { state, failure }: { state: 'pending' | 'sent' | 'failed'; failure?: string },
): Promise<true> {
  const now = clock.now();
  await inScope(db, 'system', (tx) =>
    tx.query(
      `update mail set state = $3, failure = $4, next_attempt_at = $5, sent_at = $6
       where id = $1 and state = 'pending' and (attempts = $2 or $3 = 'sent')`,
      [id, attempts, state, failure ?? null, new Date(now + backOff(attempts)), state === 'sent' ? new Date(now) : null],
    ),
  );
  return true;
}
