import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Evaluated once for a statement: whether the transaction is a process's, or looks beyond its person's scope for a reason it gave. */
const BEYOND = `(select coalesce(current_setting('xueji.reach', true), '') <> '')`;
/** The organisations of the person's offices; none when no scope is set. Cast twice, for `any` of a bare subquery would mean its rows. */
const MINE = `(select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]`;
const BELOW = `(select o.id from organisation o where o.id = any(${MINE}) or o.ancestors && ${MINE})`;
const ME = `(select current_setting('xueji.person', true))`;

const THE_REQUEST = (id: string): string => `coalesce((select true from change_request r where r.id = ${id}), false)`;
const THE_STUDENT = (id: string): string => `coalesce((select true from student s where s.id = ${id}), false)`;

interface Policies {
  /** Which rows a person sees, and may move when the person's role may. */
  readonly seen: string;
  /** Which rows a person may write; none when left out. */
  readonly written?: string;
}

const REQUEST_SEEN = `seen_by && ${MINE}`;
const STUDENT_SEEN = 'coalesce((select true from enrolment e where e.student_id = student.id limit 1), false)';
const FACT_SEEN = THE_STUDENT('student_id');
const ACT_SEEN = `case stream when 'request' then ${THE_REQUEST('stream_id')} when 'student' then ${THE_STUDENT('stream_id')} else ${ME} <> '' end`;
const TEXT_SEEN = 'coalesce((select true from act a where a.stream_id = act_text.stream_id and a.seq = act_text.seq), false)';

/** In the order in which they look at one another: none looks back. The arms of each `or` stand cheapest first. */
const POLICIES: Readonly<Record<string, Policies>> = {
  change_request: { seen: REQUEST_SEEN, written: REQUEST_SEEN },
  task: {
    seen: `holder_id = any(${MINE}) or holder_id in ${BELOW} or escalated_to && ${MINE} or ${THE_REQUEST('request_id')}`,
    written: THE_REQUEST('request_id'),
  },
  enrolment: { seen: `school_id in ${BELOW} or custodian_id = any(${MINE}) or valid_from < student_until(student_id)` },
  enrolment_version: { seen: 'coalesce((select true from enrolment e where e.id = enrolment_id), false)' },
  student: { seen: STUDENT_SEEN, written: STUDENT_SEEN },
  student_fact: { seen: FACT_SEEN, written: FACT_SEEN },
  former_document: { seen: FACT_SEEN },
  dossier_evidence: { seen: FACT_SEEN },
  evidence: {
    seen: `organisation_ids && ${MINE} or shows_evidence(id)`,
    written: `uploaded_by::text = ${ME} and organisation_ids <@ ${MINE}`,
  },
  notification: { seen: `person_id::text = ${ME}`, written: `person_id::text = ${ME}` },
  act: { seen: ACT_SEEN, written: ACT_SEEN },
  act_text: { seen: TEXT_SEEN, written: TEXT_SEEN },
};

const protect = ([table, { seen, written }]: [string, Policies]): string => `
  alter table ${table} enable row level security, force row level security;
  create policy owner_sees_all on ${table} to current_user using (true) with check (true);
  create policy seen on ${table} for select to xueji_app using (${BEYOND} or ${seen});
  create policy entered on ${table} for insert to xueji_app with check (${BEYOND}${written ? ` or ${written}` : ''});
  create policy moved on ${table} for update to xueji_app using (${BEYOND}${written ? ` or ${written}` : ''}) with check
    (${BEYOND}${written ? ` or ${written}` : ''});`;

/**
 * The second line: rows of cases and people are there only for whom the transaction's scope names (invariant 10). A function that runs as
 * the owner is an index that a policy would hide (an overlap of arrays is not leakproof), or answers yes or no; each keeps to the scope by
 * itself.
 */
export class RowLevelSecurity1700000000023 implements MigrationInterface {
  name = 'RowLevelSecurity1700000000023';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create function student_until(student uuid) returns date language sql stable security definer set search_path = public, pg_temp as $$
        select case when bool_or(e.valid_to is null) then 'infinity'::date else max(e.valid_to) end from enrolment e join organisation o
          on o.id = e.school_id
        where e.student_id = $1 and (o.id = any(${MINE}) or o.ancestors && ${MINE} or e.custodian_id = any(${MINE}))
      $$;
      comment on function student_until is 'until when the organisations of the scope had the student; null when they never had';

      create function shows_evidence(evidence uuid) returns boolean language sql stable security definer set search_path = public,
        pg_temp as $$
        select exists (select 1 from change_request r where r.seen_by && ${MINE} and $1 = any(r.evidence_ids))
      $$;
      comment on function shows_evidence is 'whether a request that the scope sees has it';

      create function newest_requests(state text, kind text, overdue boolean, now timestamptz, before_at timestamptz, before_id uuid,
        most int)
      returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
        select r.id from change_request r
        where r.seen_by && ${MINE} and ($1 is null or r.state = $1) and ($2 is null or r.kind = $2)
          and ($3 is null or $3 = exists (select 1 from task t where t.request_id = r.id and t.state = 'open' and t.due_at <= $4))
          and ($5 is null or (r.filed_at, r.id) < ($5, $6)) order by r.filed_at desc, r.id desc limit $7
      $$;
      comment on function newest_requests is 'a page of the requests that the scope sees';

      create function escalated_tasks(organisations uuid[], overdue boolean, now timestamptz, kind text, after_at timestamptz,
        after_id uuid, most int)
      returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
        select t.id from task t
        where t.state = 'open' and t.escalated_to && $1 and t.escalated_to && ${MINE} and ($2 is null or $2 = (t.due_at <= $3))
          and ($4 is null or t.kind = $4)
          and ($5 is null or (t.due_at, t.id) > ($5, $6)) order by t.due_at, t.id limit $7
      $$;
      comment on function escalated_tasks is 'the most urgent open tasks that were escalated to some of the scope''s organisations';

      create function requests_shown_to(organisation uuid) returns setof uuid language sql stable security definer set search_path = public,
        pg_temp as $$
        select r.id from change_request r where r.seen_by @> array[$1] and (${BEYOND} or $1 = any(${MINE}))
      $$;
      comment on function requests_shown_to is 'all requests that an organisation sees, for processes and for who acts in it';

      revoke execute on function student_until, shows_evidence, newest_requests, escalated_tasks, requests_shown_to from public;
      grant execute on function student_until, shows_evidence, newest_requests, escalated_tasks, requests_shown_to to xueji_app;

      alter function refuse_contested_document() security definer;
      alter function refuse_contested_document() set search_path = public, pg_temp;
      comment on function refuse_contested_document is
        'runs as the owner, at the commit: what the scope cannot see must be refused all the same';

      drop index task_overdue, task_inbox;
      create index task_overdue on task (holder_id, due_at, id) include (kind, request_id, escalated_to) where state = 'open';
      create index task_inbox on task (holder_id, office, due_at, id) include (kind, request_id, escalated_to) where state = 'open';
      comment on index task_overdue is
        'with the columns of the policy, so that overdue tasks are counted from the index alone; as task_inbox is read';
    `);
    await db.query(Object.entries(POLICIES).map(protect).join('\n'));
  }

  async down(db: QueryRunner): Promise<void> {
    const unprotected = Object.keys(POLICIES).map(
      (table) => `
        drop policy owner_sees_all on ${table};
        drop policy seen on ${table};
        drop policy entered on ${table};
        drop policy moved on ${table};
        alter table ${table} no force row level security, disable row level security;`,
    );
    await db.query(unprotected.join('\n'));
    await db.query(`
      drop index task_overdue, task_inbox;
      create index task_overdue on task (holder_id, due_at, id) include (kind) where state = 'open';
      create index task_inbox on task (holder_id, office, due_at, id) where state = 'open';
      alter function refuse_contested_document() security invoker;
      alter function refuse_contested_document() reset search_path;
      drop function requests_shown_to, escalated_tasks, newest_requests, shows_evidence, student_until;
    `);
  }
}
