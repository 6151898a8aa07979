import type { CalendarStore } from '../calendar/calendar.store.js';
import type { Clock } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { LOCKS } from '../platform/database/locks.js';
import type { MailWish } from '../domain/messages/notifications.js';
import { dateOf, instantOf, isWorkingDay } from '../domain/working-days.js';

const AT_ONCE = 5000;
const HOUR = 3_600_000;
/** The hour of a working day, in Shanghai, at which the digest goes out. */
const DIGEST_HOUR = 8;
/** What could not be put into mail for so long (no address, no mail server) is old news and stays in the API alone. */
const NEWS_MS = { now: 48 * HOUR, digest: 14 * 24 * HOUR } as const;

const OLD = `update notification set mail = null where mail = $1 and mail_id is null and (read_at is not null or at < $2)`;

/**
 * Makes one letter for each person, with the notifications of one purpose ($1) up to an instant ($2) that are in no letter yet. A letter
 * has at most 5,000.
 */
const GATHER = `
  with fresh as (
    select n.id, n.person_id from notification n join person p on p.id = n.person_id and p.email_cipher is not null
      and p.disabled_at is null
    where n.mail = $1 and n.mail_id is null and n.at < $2 order by n.person_id, n.id limit ${AT_ONCE} for update of n),
  letter as (
    insert into mail (id, person_id, purpose, state, next_attempt_at, created_at)
    select gen_random_uuid(), person_id, $1, 'pending', $3, $3 from fresh group by person_id returning id, person_id)
  update notification n set mail_id = l.id from fresh f join letter l using (person_id) where n.id = f.id`;

/**
 * Puts what people want to have by mail into letters: at once, and once a working day from 08:00 on what came before that. One process at a
 * time, because two would divide what one person is told between two letters.
 */
export async function gatherLetters(tx: Transaction, clock: Clock, calendar: CalendarStore): Promise<void> {
  const [lock] = await tx.query<{ mine: boolean }[]>('select pg_try_advisory_xact_lock($1) as mine', [LOCKS.mail]);
  if (!lock?.mine) return;
  const now = clock.now();
  await one(tx, 'now', now, now + 1);
  const eight = instantOf(dateOf(now)) + DIGEST_HOUR * HOUR;
  const { national } = await calendar.current(tx);
  if (now >= eight && isWorkingDay(national, dateOf(now))) await one(tx, 'digest', now, eight);
}

async function one(tx: Transaction, purpose: Exclude<MailWish, 'none'>, now: number, until: number): Promise<void> {
  await tx.query(OLD, [purpose, new Date(now - NEWS_MS[purpose])]);
  await tx.query(GATHER, [purpose, new Date(until), new Date(now)]);
}
