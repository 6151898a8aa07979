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

const feed = (of = '', more = ''): string => `
  with looked as (select id, stream_id, seq from event where id > $2::bigint${of} order by id limit ${WINDOW}),
  seen as (
    select l.id, r.id as "requestId", r.number, r.kind, a.kind as act, a.seq, a.at, a.body from looked l
      join change_request r on r.id = l.stream_id join act a on a.stream_id = l.stream_id and a.seq = l.seq
    where r.seen_by && $1 and ($3::text[] is null or a.kind = any($3))${more} order by l.id limit $4)
  select id::text, "requestId", number, kind, act, seq, at, body, null as last from seen
  union all select null, null, null, null, null, null, null, null, max(id)::text from looked order by last nulls first, seq nulls last`;

const FEED = feed();
const FEED_OF_KIND = feed('', ' and r.kind = $5');
/** The events of one request are found by it, wherever they lie in the feed. */
const FEED_OF_REQUEST = feed(' and stream_id = $5', ' and ($6::text is null or r.kind = $6)');

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

interface Asked {
  readonly after: string;
  readonly limit: number;
  /** Of acts. */
  readonly kinds?: readonly string[] | null;
  readonly requestId?: string;
  /** Of requests. */
  readonly kind?: string;
}
type FeedRow = Row & { readonly last: string | null };

/** Events after a place in the feed that an organisation sees, in order; at most `limit`. */
export async function eventsAfter(tx: Transaction, organisations: readonly string[], asked: Asked): Promise<FeedPage> {
  const { after, kinds, limit, requestId, kind } = asked;
  const values = [organisations, after, kinds ?? null, limit];
  const rows = await (requestId !== undefined
    ? tx.query<FeedRow[]>(FEED_OF_REQUEST, [...values, requestId, kind ?? null])
    : kind !== undefined
      ? tx.query<FeedRow[]>(FEED_OF_KIND, [...values, kind])
      : tx.query<FeedRow[]>(FEED, values));
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
