import type { Caller } from '../platform/access/caller.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { PROXIES_OF } from '../platform/access/proxies.sql.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { OfficeAt, ProxyOffice } from '../domain/offices.js';

/** Rows of one kind that one look takes. */
export const AT_ONCE = 1000;
/** So long after its end a job is still looked at, in milliseconds: longer than a look that was late. */
const JUST_ENDED = 10_000;

/** The places up to which events and notifications have been looked at. */
export interface LivePlace {
  readonly events: number;
  readonly notices: number;
}

export interface LiveFeedRow {
  readonly id: string;
  /** Null for what is of no request: people hear of it by notifications. */
  readonly requestId: string | null;
  readonly kind: string | null;
  readonly act: string | null;
  readonly taskId: string | null;
  readonly seenBy: string[] | null;
}

export interface LiveNotificationRow {
  readonly id: string;
  readonly personId: string;
  readonly kind: string;
}

export interface JobRow {
  readonly id: string;
  readonly personId: string;
  readonly kind: string;
  readonly state: string;
  readonly progress: number;
}

/** The last places, so far back that one look reaches the end again. */
export async function placeNow(tx: Transaction): Promise<LivePlace> {
  const [row] = await tx.query<[{ events: string; notices: string }]>(
    `select (select coalesce(max(id), 0) from event)::text as events, (select coalesce(max(id), 0) from notification)::text as notices`,
  );
  return { events: Math.max(0, Number(row.events) - AT_ONCE), notices: Math.max(0, Number(row.notices) - AT_ONCE) };
}

export const feedAfter = (tx: Transaction, after: number): Promise<LiveFeedRow[]> =>
  tx.query<LiveFeedRow[]>(
    `select v.id::text, r.id as "requestId", r.kind, a.kind as act, a.body ->> 'taskId' as "taskId", r.seen_by as "seenBy"
     from (select id, stream_id, seq from event where id > $1::bigint order by id limit ${AT_ONCE}) v
       left join change_request r on r.id = v.stream_id left join act a on a.stream_id = v.stream_id and a.seq = v.seq order by v.id`,
    [String(after)],
  );

export const notificationsAfter = (tx: Transaction, after: number): Promise<LiveNotificationRow[]> =>
  tx.query<LiveNotificationRow[]>(
    `select id::text, person_id as "personId", kind from notification where id > $1::bigint order by id limit ${AT_ONCE}`,
    [String(after)],
  );

/** The jobs of these people that run or have just ended. */
export const jobsOf = (tx: Transaction, people: readonly string[], now: number): Promise<JobRow[]> =>
  tx.query<JobRow[]>(
    `select id, started_by as "personId", kind, state, progress from job where state = 'running' and started_by = any($1::uuid[])
     union all
     select id, started_by, kind, state, progress from job where ended_at > $2 and started_by = any($1::uuid[])`,
    [people, new Date(now - JUST_ENDED)],
  );

interface StandingRow {
  readonly nth: number;
  readonly offices: OfficeAt[];
  readonly proxies: ProxyOffice[];
}

/** Those of the callers whose session or token is still good, with the offices that they hold now. */
export async function stillSignedIn(tx: Transaction, callers: readonly Caller[], now: number): Promise<Map<Caller, Caller>> {
  const good = callers.filter(({ sessionId, endsAt }) => sessionId !== undefined || endsAt > now);
  const rows = await tx.query<StandingRow[]>(STANDING, [
    good.map(({ personId }) => personId),
    new Date(now),
    good.map(({ tokenHash }) => tokenHash.toString('hex')),
    good.map(({ sessionId }) => sessionId === undefined),
  ]);
  return new Map(
    rows.flatMap(({ nth, offices, proxies }) => {
      const caller = good[nth - 1];
      return caller ? [[caller, { ...caller, offices, proxies }] as const] : [];
    }),
  );
}

const STANDING = `
  select c.nth::int as nth, (
      select coalesce(jsonb_agg(jsonb_build_object('office', o.office, 'organisationId', o.organisation_id)), '[]') from office o
      where o.person_id = p.id and ${HOLDS_OFFICE_AT('o', '$2')}) as offices,
    ${PROXIES_OF('p.id', '$2')} as proxies
  from unnest($1::uuid[], $3::text[], $4::boolean[]) with ordinality as c (person_id, token, foreign_token, nth)
    join person p on p.id = c.person_id and p.disabled_at is null
  where case when c.foreign_token then not exists (select 1 from ended_token e where e.token_hash = decode(c.token, 'hex'))
    else exists (select 1 from session s where s.token_hash = decode(c.token, 'hex') and s.person_id = p.id and s.expires_at > $2
      and s.subject_hash is not distinct from p.subject_hash) end`;
