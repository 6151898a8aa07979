import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { ALWAYS_TOLD, TASK_NOTIFICATIONS } from '../domain/messages/notifications.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { TOLD } from './told.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';
import { RUNS_AT } from '../platform/access/proxies.sql.js';

/** The most events from which one statement derives. */
const AT_ONCE = 1000;

const ALWAYS = ALWAYS_TOLD.map((kind) => `'${kind}'`).join(', ');

/** The task that a notification (`w`) of an event (`e`) is about: the act's own, or one that it made void. */
const ITS_TASK = `case when w.kind not in ('taskVoided', 'taskPaused') then e.task_id else (
    select t.id from task t where t.request_id = e.request_id and t.void_seq = e.seq and t.office = w.office
      and t.holder_id = w.organisation_id order by t.id limit 1) end`;

/**
 * The notifications of the events after the cursor ($1) at an instant ($2), in one statement: ids and codes only. Each person is told once
 * of an event.
 * 1. The actor is not told of the own act.
 * 2. A proxy is told of the absent person's tasks too, unless barred from them by filing.
 * 3. A person who has chosen kinds is told of those, and of a new way to sign in.
 */
export const DERIVE = `
  with e as materialized (
    select v.id, v.seq, case a.stream when 'request' then a.kind else a.stream || '.' || a.kind end as act, a.body, a.at,
      a.person_id as actor, a.organisation_id as acted_in,
      case when a.stream = 'access' or a.kind = 'grantProposed' then (a.body ->> 'personId')::uuid end as account_id,
      r.id as request_id, r.kind as request_kind, r.filer_id, o.id as order_id, o.school_id, o.authority_id,
      case a.stream when 'student' then a.stream_id end as student_id, case a.stream
        when 'organisation' then (a.body ->> 'proxyId')::uuid end as proxy_id,
      case a.stream when 'term' then a.stream_id end as term_id,
      case a.stream when 'graduation' then a.stream_id end as graduation_id,
      case a.stream when 'intake' then a.stream_id end as intake_id,
      case a.kind when 'admittedMissing' then (a.body ->> 'listId')::uuid end as admission_list_id,
      coalesce((a.body ->> 'taskId')::uuid, (select c.task_id from consultation c
        where c.id = (a.body ->> 'consultationId')::uuid)) as task_id
    from (select id, stream_id, seq from event where id > $1::bigint order by id limit ${AT_ONCE}) v
      join act a on a.stream_id = v.stream_id and a.seq = v.seq
      left join change_request r on a.stream = 'request' and r.id = v.stream_id
      left join supervision_order o on a.stream = 'order' and o.id = v.stream_id),
  told (event_id, kind, person_id, office, organisation_id, nth) as (
    ${TOLD.map((one, nth) => one.replace(' from e', `, ${nth} from e`)).join('\n    union all ')}),
  who as (
    select event_id, kind, person_id, office, organisation_id, nth from told where person_id is not null
    union all
    select t.event_id, t.kind, o.person_id, t.office, t.organisation_id, t.nth from told t
      join office o on o.organisation_id = t.organisation_id and o.office = t.office and ${HOLDS_OFFICE_AT('o', '$2::timestamptz')}
        where t.person_id is null),
  lent as (
    select w.event_id, w.kind, x.proxy_id, x.office, x.organisation_id, w.nth from who w join e on e.id = w.event_id left join task t
      on t.id = e.task_id
      join proxy x on x.principal_id = w.person_id and x.office = coalesce(w.office, t.office)
        and x.organisation_id = coalesce(w.organisation_id, t.holder_id)
        and x.proxy_id <> e.filer_id and (x.kinds is null or e.request_kind = any(x.kinds)) and ${RUNS_AT('x', '$2::timestamptz')}
    where w.kind in (${TASK_NOTIFICATIONS.map((kind) => `'${kind}'`).join(', ')})),
  one as (
    select distinct on (event_id, person_id) * from (select *, false as lent from who union all select *, true from lent) w
    order by event_id, person_id, nth, lent)
  insert into notification (person_id, event_id, kind, request_id, order_id, student_id, proxy_id, term_id, account_id,
    graduation_id, intake_id, admission_list_id, task_id, office, organisation_id, at, mail)
  select w.person_id, w.event_id, w.kind, e.request_id, e.order_id, e.student_id, e.proxy_id, e.term_id, e.account_id, e.graduation_id,
    e.intake_id, e.admission_list_id,
    ${ITS_TASK}, w.office, w.organisation_id, e.at, nullif(f.mail, 'none')
  from one w join e on e.id = w.event_id join person p on p.id = w.person_id and ${IS_PERSON('p')}
    left join notification_preference f on f.person_id = w.person_id
  where w.person_id is distinct from e.actor and (f.person_id is null or w.kind = any(f.kinds) or w.kind in (${ALWAYS}))
  order by w.event_id, w.person_id
  on conflict (event_id, person_id) do nothing`;

/**
 * Tells people what the next events of the feed mean for them; true when there are more. The cursor's row lock makes one run follow the
 * other.
 */
export const deriveNotifications = (db: DataSource, clock: Clock): Promise<boolean> =>
  inScope(db, 'system', async (tx) => {
    const [{ from, to, n }] = await tx.query<[{ from: string; to: string | null; n: number }]>(
      `with c as (select told_to from notification_cursor for update)
       select c.told_to::text as from, max(v.id)::text as to, count(v.id)::int as n from c
         left join lateral (select id from event where id > c.told_to order by id limit ${AT_ONCE}) v on true group by c.told_to`,
    );
    if (to === null) return false;
    await tx.query(DERIVE, [from, new Date(clock.now())]);
    await tx.query('update notification_cursor set told_to = $1', [to]);
    return n === AT_ONCE;
  });
