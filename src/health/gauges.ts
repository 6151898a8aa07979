/** A gauge whose values the database counts: each row has the labels, and `n`. */
export interface CountedGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly sql: string;
  /** `$1` is the present instant. */
  readonly now?: true;
}

/** Of a backlog, nothing where there is none, so that its age is no series either. */
const OLDEST_BACKLOG = `
  select 'mail' as of, extract(epoch from min(created_at))::float8 as n from mail where state = 'pending' having count(*) > 0
  union all select 'webhooks', extract(epoch from min(next_attempt_at))::float8 from webhook where state = 'active' and attempts > 0
    having count(*) > 0
  union all select 'relay', extract(epoch from min(a.at))::float8 from act a where a.position > (select settled from event_relay)
    and a.stream in ('request', 'order') and not exists (select 1 from event e where e.stream_id = a.stream_id and e.seq = a.seq)
    having count(*) > 0`;
const BACKLOG = `
  select 'mail' as of, count(*)::int as n from mail where state = 'pending'
  union all select 'webhooks', count(*)::int from webhook where state = 'active' and attempts > 0
  union all select 'relay', count(*)::int from act a where a.position > (select settled from event_relay)
    and a.stream in ('request', 'order') and not exists (select 1 from event e where e.stream_id = a.stream_id and e.seq = a.seq)
  union all select 'notifications', count(*)::int from event where id > (select told_to from notification_cursor)`;
const LAGGING = `change_request r left join process_cursor c on c.request_id = r.id where r.state = 'open'
  and coalesce(c.seq, 0) < r.last_process_seq`;

/** What operators watch besides the requests of HTTP. An instant is in seconds of the epoch, so that Prometheus counts its age. */
export const GAUGES: readonly CountedGauge[] = [
  {
    name: 'xueji_requests',
    help: 'Change requests by kind and state',
    labels: ['kind', 'state'],
    sql: 'select kind, state, count(*)::int as n from change_request group by 1, 2',
  },
  {
    name: 'xueji_open_tasks',
    help: 'Open tasks',
    labels: ['overdue'],
    sql: `select (due_at <= $1)::text as overdue, count(*)::int as n from task where state = 'open' group by 1`,
    now: true,
  },
  {
    name: 'xueji_ledger_lag_requests',
    help: 'Open requests whose process has not read their last act',
    labels: [],
    sql: `select count(*)::int as n from ${LAGGING}`,
  },
  {
    name: 'xueji_oldest_unprocessed_act_timestamp_seconds',
    help: 'Instant of the oldest act of an open request that its process has not read; absent when there is none',
    labels: [],
    sql: `select extract(epoch from min(a.at))::float8 as n from (select r.id, coalesce(c.seq, 0) as seq from ${LAGGING}) l
      cross join lateral (select at from act where stream_id = l.id and seq > l.seq order by seq limit 1) a having count(*) > 0`,
  },
  {
    name: 'xueji_held_requests',
    help: 'Open requests that do not move, by why and for how long',
    labels: ['kind', 'cause', 'age'],
    sql: `select h.kind, h.cause, case when h.age < 3600 then 'under 1 h' when h.age < 86400 then 'under 1 d'
        when h.age < 604800 then 'under 7 d' else 'longer' end as age, count(*)::int as n
      from (select hold ->> 'kind' as kind,
          case when hold ->> 'kind' = 'awaitingSupplement' then 'returned' else hold ->> 'cause' end as cause,
          extract(epoch from $1::timestamptz) - (hold ->> 'since')::float8 / 1000 as age
        from change_request where hold is not null and state = 'open') h group by 1, 2, 3`,
    now: true,
  },
  {
    name: 'xueji_process_incidents',
    help: 'Runs of a workflow that ended or were replaced from outside, and rows that differed from their acts',
    labels: ['found'],
    sql: 'select found, count(*)::int as n from process_incident group by 1',
  },
  {
    name: 'xueji_process_incidents_open',
    help: 'Those that no operator has acknowledged',
    labels: ['found'],
    sql: 'select found, count(*)::int as n from process_incident where acknowledged_at is null group by 1',
  },
  {
    name: 'xueji_read_model_compared',
    help: 'Requests compared with their acts so far, again in each round',
    labels: [],
    sql: 'select checked::float8 as n from read_model_check',
  },
  {
    name: 'xueji_evidence_removed',
    help: 'Uploads never attached to a request and files without one, removed so far',
    labels: ['what'],
    sql: `select 'uploads' as what, uploads::float8 as n from evidence_removed
      union all select 'files', files::float8 from evidence_removed`,
  },
  {
    name: 'xueji_background_round_timestamp_seconds',
    help: 'When each background loop last ended a round, in whichever worker',
    labels: ['loop'],
    sql: 'select loop, extract(epoch from ended_at)::float8 as n from background_round',
  },
  {
    name: 'xueji_background_round_failed',
    help: '1 where the last round of a background loop failed',
    labels: ['loop'],
    sql: 'select loop, coalesce(failed_at >= ended_at, false)::int as n from background_round',
  },
  {
    name: 'xueji_backlog',
    help: 'Letters to send, webhooks whose receiver refuses, acts to relay, events of which people are still to be told',
    labels: ['of'],
    sql: BACKLOG,
  },
  {
    name: 'xueji_backlog_oldest_timestamp_seconds',
    help: 'Instant of the oldest of a backlog; absent when there is none',
    labels: ['of'],
    sql: OLDEST_BACKLOG,
  },
  {
    name: 'xueji_checkpoint_timestamp_seconds',
    help: 'Instant of the last checkpoint over all chains',
    labels: [],
    sql: `select extract(epoch from at)::float8 as n from ledger_checkpoint order by position desc limit 1`,
  },
  {
    name: 'xueji_oldest_uncovered_act_timestamp_seconds',
    help: 'Instant of the oldest act that no checkpoint covers; absent when each is covered',
    labels: [],
    sql: `select extract(epoch from at)::float8 as n from act
      where position > coalesce((select position from ledger_checkpoint order by position desc limit 1), 0) order by position limit 1`,
  },
  {
    name: 'xueji_ledger_verified_timestamp_seconds',
    help: 'When npm run audit:verify last ended',
    labels: [],
    sql: 'select extract(epoch from verified_at)::float8 as n from ledger_verification',
  },
  {
    name: 'xueji_ledger_faults',
    help: 'Faults that npm run audit:verify last found',
    labels: [],
    sql: 'select faults as n from ledger_verification',
  },
];
