import { isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { EventView } from './events.dto.js';

/** Places of the feed that one question looks through, so that a caller who sees little is answered as fast as one who sees all. */
const WINDOW = 20_000;

interface Row extends Omit<EventView, 'at' | 'act' | 'data'> {
  at: Date;
  act: string;
  body: Record<string, unknown>;
}

const FEED = `
  with looked as (select id, stream_id, seq from event where id > $2::bigint order by id limit ${WINDOW}),
  seen as (
    select l.id, r.id as "requestId", r.number, r.kind, a.kind as act, a.seq, a.at, a.body from looked l
      join change_request r on r.id = l.stream_id join act a on a.stream_id = l.stream_id and a.seq = l.seq
    where r.seen_by && $1 and ($3::text[] is null or a.kind = any($3)) order by l.id limit $4)
  select id::text, "requestId", number, kind, act, seq, at, body, null as last from seen
  union all select null, null, null, null, null, null, null, null, max(id)::text from looked order by last nulls first, seq nulls last`;

/** What of an act's body goes out: ids, codes, numbers and dates of the procedure, nothing personal. */
const SHOWN = [
  'taskId',
  'step',
  'visit',
  'supplement',
  'holder',
  'office',
  'verdict',
  'outcome',
  'cause',
  'what',
  'how',
  'level',
  'from',
  'to',
  'late',
  'workingDays',
  'workingDaysLeft',
  'effectiveOn',
  'dueDate',
  'dueFrom',
  'dueTo',
  'calendarVersion',
  'since',
  'answerBy',
  'urgeSeq',
  'consultationId',
  'organisationId',
  'objector',
] as const;

export interface FeedPage {
  readonly items: EventView[];
  /** From where to go on. */
  readonly after: string;
}

/** Events after a place in the feed that an organisation sees, in order; at most `limit`. */
export async function eventsAfter(
  tx: Transaction,
  organisations: readonly string[],
  { after, kinds, limit }: { after: string; kinds?: readonly string[] | null; limit: number },
): Promise<FeedPage> {
  const rows = await tx.query<(Row & { last: string | null })[]>(FEED, [organisations, after, kinds ?? null, limit]);
  const items = rows.filter(({ id }) => id !== null).sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
  const lookedTo = rows.find(({ last }) => last !== null)?.last ?? after;
  return { items: items.map(view), after: items.length === limit ? (items.at(-1)?.id ?? after) : lookedTo };
}

const view = ({ id, requestId, number, kind, act, seq, at, body }: Row): EventView => ({
  id,
  requestId,
  number,
  kind,
  act,
  seq,
  at: isoInShanghai(at.getTime()),
  data: Object.fromEntries(SHOWN.filter((key) => body[key] !== undefined).map((key) => [key, body[key]])),
});
