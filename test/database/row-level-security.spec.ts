import { POLICIES } from '../../src/platform/database/migrations/9-access.js';
import { UNPROTECTED } from '../../src/platform/database/migrations/unprotected.js';
import { beyond, inScope, type Scope, type Transaction } from '../../src/platform/database/in-scope.js';
import type { Actor } from '../../src/domain/offices.js';
import { INBOX } from '../../src/tasks/inbox.service.js';
import { as } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ByHand } from '../fixtures/by-hand.js';
import { generatedTasks } from '../fixtures/many-tasks.js';
import { asOwner } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';
import { withEveryKindOfRow } from '../fixtures/every-kind-of-row.js';

const OF_STUDENT = 'student_id in (select student_id from enrolment where school_id = $1)';
const OF_REQUEST = (column: string) => `${column} in (select id from change_request where source_school_id = $1)`;

/** Each protected table with the rows that are a school's ($1) own, in the owner's words. */
const PROTECTED: Readonly<Record<string, string>> = {
  change_request: 'source_school_id = $1',
  task: OF_REQUEST('request_id'),
  enrolment: 'school_id = $1',
  enrolment_version: 'school_id = $1',
  student: 'id in (select student_id from enrolment where school_id = $1)',
  certificate: 'school_id = $1',
  student_fact: OF_STUDENT,
  former_document: OF_STUDENT,
  register_check: OF_STUDENT,
  dossier_evidence: OF_STUDENT,
  dossier_access: OF_STUDENT,
  student_sign_in: OF_STUDENT,
  unmasking: 'organisation_id = $1',
  evidence: '$1 = any(organisation_ids)',
  job: 'organisation_id = $1',
  job_part: 'job_id in (select id from job where organisation_id = $1)',
  notification: OF_REQUEST('request_id'),
  notification_preference: 'person_id in (select person_id from office where organisation_id = $1)',
  import: 'authority_id = $1',
  import_row: 'import_id in (select id from import where authority_id = $1)',
  school_class: 'school_id = $1',
  graduation: 'school_id = $1',
  graduation_member: 'graduation_id in (select id from graduation where school_id = $1)',
  admission_list: 'school_id = $1',
  admission: 'list_id in (select id from admission_list where school_id = $1)',
  doubt_answer: 'school_id = $1',
  data_statement: 'school_id = $1',
  school_term: 'school_id = $1',
  term_registration: 'school_id = $1',
  intake: 'school_id = $1',
  act: OF_REQUEST('stream_id'),
  act_text: OF_REQUEST('stream_id'),
};

/** What a session of a student sees, of the rows that the set-up makes; and what follows from the own enrolments and requests. */
const ABOUT_A_STUDENT = [
  ...'change_request enrolment student student_fact former_document dossier_evidence dossier_access'.split(' '),
  ...'student_sign_in certificate register_check'.split(' '),
];
const FOLLOWING = ['task', 'enrolment_version', 'act', 'act_text', 'term_registration'];

/** Tables that only the system's own processes read. */
const HIDDEN = ['reader_head', 'stream_head', 'student_session', 'verification_code', 'verification_use'];

describe('row-level security, the second line (invariant 10)', () => {
  let system: System;
  let demo: Demonstration;
  let here: DemoOrganisation;
  let there: DemoOrganisation;
  let own: Story;
  let elsewhere: Story;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    [here, there] = acrossProvinces(demo);
    own = await opened(here);
    elsewhere = await opened(there);
    for (const story of [own, elsewhere]) await withEveryKindOfRow(system, story);
  });
  afterAll(() => system?.stop());

  /** A suspension, at the school's own reviewer. */
  async function opened(school: DemoOrganisation): Promise<Story> {
    const filer = await as(system, demo.holder(school.id, 'schoolClerk'));
    const story = await Story.within(system, demo, school, {
      kind: 'suspension',
      details: { ground: 'illness', until: UNTIL },
      evidenceIds: [await filer.evidence(), await filer.evidence()],
    });
    await new ByHand(system).settle(story.id);
    return story;
  }

  async function holderAt(organisationId: string, office: Actor['offices'][number]['office']): Promise<Actor> {
    const [row] = await asOwner<{ id: string }[]>(system, 'select id from person where username = $1', [
      demo.holder(organisationId, office),
    ]);
    return { personId: row?.id ?? '', offices: [{ office, organisationId }] };
  }
  const clerk = () => holderAt(here.id, 'schoolClerk');

  const places = async (tx: Pick<Transaction, 'query'>, table: string): Promise<string[]> =>
    (await tx.query<{ place: string }[]>(`select ctid::text as place from ${table}`)).map(({ place }) => place);
  const seenBy = (scope: Scope, table: string) => inScope(system.db, scope, (tx) => places(tx, table));
  const ofSchool = async ({ id }: DemoOrganisation, table: string): Promise<string[]> =>
    (await asOwner<{ place: string }[]>(system, `select ctid::text as place from ${table} where ${PROTECTED[table]}`, [id])).map(
      ({ place }) => place,
    );
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code?: string; driverError?: { code?: string } }) => error.code ?? error.driverError?.code,
    );
  const REFUSED = '42501';

  it.each(Object.keys(PROTECTED))(
    'shows of %s, asked without any condition, the rows of the own school and none of another',
    async (table) => {
      const [own, strange, seen] = [await ofSchool(here, table), await ofSchool(there, table), await seenBy(await clerk(), table)];
      expect(own.length).toBeGreaterThan(0);
      expect(strange.length).toBeGreaterThan(0);
      expect(own.filter((place) => !seen.includes(place))).toEqual([]);
      expect(strange.filter((place) => seen.includes(place))).toEqual([]);
    },
  );

  it.each(Object.keys(PROTECTED))('shows nothing of %s to a connection without a scope, and everything to a process', async (table) => {
    const all = await places({ query: (sql: string) => asOwner(system, sql) } as Transaction, table);
    expect(await system.db.query(`select * from ${table}`)).toEqual([]);
    expect((await seenBy('process', table)).toSorted()).toEqual(all.toSorted());
  });

  it('shows to a session of a student what is about that student, and nothing of anybody else', async () => {
    const { studentId } = own;
    for (const table of Object.keys(POLICIES)) {
      const seen = await inScope(system.db, { studentId }, (tx) =>
        tx.query<{ row: { student_id?: string; id?: string } }[]>(`select to_jsonb(t) as row from ${table} t`),
      );
      const whose = seen.map(({ row }) => (table === 'student' ? row.id : row.student_id));
      if (ABOUT_A_STUDENT.includes(table)) expect([table, [...new Set(whose)]]).toEqual([table, [studentId]]);
      else if (!FOLLOWING.includes(table)) expect([table, seen.length]).toEqual([table, 0]);
    }
    const others = await inScope(system.db, { studentId }, (tx) =>
      tx.query('select 1 from act_text x join act a using (stream_id, seq) where stream_id = $1', [elsewhere.id]),
    );
    expect(others).toEqual([]);
  });

  it('stands on every table, or a reason is written beside it', async () => {
    const all = await asOwner<{ name: string }[]>(
      system,
      `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
         and relname <> 'migrations' order by 1`,
    );
    expect([...Object.keys(POLICIES), ...Object.keys(UNPROTECTED)].toSorted()).toEqual(all.map(({ name }) => name));
    const forced = await asOwner<{ name: string }[]>(
      system,
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity and relforcerowsecurity
        order by 1`,
    );
    expect(forced.map(({ name }) => name)).toEqual([...Object.keys(PROTECTED), ...HIDDEN].toSorted());
  });

  it('cannot be turned off by the role of the application', async () => {
    const actor = await clerk();
    const tries = [
      'alter table task disable row level security',
      'alter table task no force row level security',
      'drop policy seen on task',
      'create policy all_of_it on task using (true)',
      'alter role xueji_app bypassrls',
      'drop function student_until',
    ];
    for (const sql of tries) expect([sql, await refusal(inScope(system.db, actor, (tx) => tx.query(sql)))]).toEqual([sql, REFUSED]);
    const off = inScope(system.db, actor, async (tx) => {
      await tx.query('set local row_security = off');
      return tx.query('select * from task');
    });
    expect(await refusal(off)).toBe(REFUSED); // an error instead of rows
  });

  it('refuses to write what is beyond the scope', async () => {
    const actor = await clerk();
    const { id, studentId } = elsewhere;
    const write = (sql: string, values: unknown[]) => inScope(system.db, actor, (tx) => tx.query<[unknown[], number]>(sql, values));
    for (const [sql, values] of [
      ['update change_request set version = version + 1 where id = $1', [id]],
      ['update task set version = version + 1 where request_id = $1', [id]],
      ['update student set changed_at = now() where id = $1', [studentId]],
      [`update enrolment set class_name = 'x' where student_id = $1`, [studentId]],
      ['update notification set read_at = now() where request_id = $1', [id]],
      ['update act_text set cipher = null, salt = null where stream_id = $1', [id]],
    ] as const)
      expect([sql, (await write(sql, [...values]))[1]]).toEqual([sql, 0]);
    const person = [actor.personId, [there.id]];
    for (const [sql, values] of [
      [
        `insert into student_fact (student_id, fact, value_cipher, valid_from, recorded_at) values ($1, 'phone', '', '2026-09-01', now())`,
        [studentId],
      ],
      ['insert into act_text (stream_id, seq, field) values ($1, 1, $2)', [id, 'note']],
      [
        `insert into act (stream_id, seq, stream, kind, process, at, body, hash, seal)
          values ($1, 99, 'request', 'commented', false, now(), '{}', '', '')`,
        [id],
      ],
      [
        `insert into evidence (id, sha256, size, type, uploaded_by, organisation_ids, uploaded_at, name_cipher)
          values (gen_random_uuid(), '',
          1, 'application/pdf', $1, $2, now(), '')`,
        person,
      ],
      [
        `insert into student (id, number_cipher, number_index, document_type, document_cipher, document_index, name_cipher, name_index,
          masked_name, sex, birth_date_cipher, birth_year, changed_at)
         values ($1, '', '', 'passport', '', '', '', '', '*', 'male', '', 2010, now())`,
        ['019a0000-0000-7000-8000-000000000001'],
      ],
    ] as const)
      expect([sql, await refusal(write(sql, [...values]))]).toEqual([sql, REFUSED]);
  });

  it('shows the tasks of both to the nation, of one to its authority, and to nobody through functions that are indexes', async () => {
    const nation = demo.at(here, 'national') ?? '';
    const requestsOf = async (scope: Scope) =>
      new Set(
        await inScope(system.db, scope, async (tx) =>
          (
            await tx.query<{ id: string }[]>(
              'select distinct source_school_id as id from change_request join task on request_id = change_request.id',
            )
          ).map(({ id }) => id),
        ),
      );
    expect(await requestsOf({ personId: (await clerk()).personId, offices: [{ office: 'operator', organisationId: nation }] })).toEqual(
      new Set([here.id, there.id]),
    );
    expect(await requestsOf(await holderAt(here.parentId ?? '', 'authoritySupervisor'))).toEqual(new Set([here.id]));
    const stolen = await inScope(system.db, await clerk(), (tx) =>
      Promise.all([
        tx.query<unknown[]>('select requests_shown_to($1)', [there.id]),
        tx.query<unknown[]>('select latest_requests_under($1, 10)', [demo.at(there, 'province')]),
        tx.query<unknown[]>('select escalated_tasks($1, null, null, null, null, null, 10)', [[there.id]]),
        tx.query<unknown[]>('select found_tasks($1)', [
          { state: 'open', most: 10, offices: [{ office: 'schoolReviewer', organisationId: there.id }], supervised: [there.id] },
        ]),
        tx.query<unknown[]>('select found_requests($1)', [{ most: 10 }]),
      ]),
    );
    expect(stolen.map((rows) => rows.length)).toEqual([0, 0, 0, 0, 1]);
  });

  it('shows a former school nothing of what came after, and the present one what was before', async () => {
    const studentId = demo.student(there.id);
    await asOwner(
      system,
      `insert into enrolment (id, student_id, school_id, state, grade, study_mode, length_years, enrolled_on, expected_leaving_on,
        valid_from, valid_to, since, recorded_at, changed_at)
       select gen_random_uuid(), student_id, $2, 'transferredOut', grade, study_mode, length_years, valid_from - 400, expected_leaving_on,
         valid_from - 400, valid_from, valid_from, now(), now()
       from enrolment where student_id = $1`,
      [studentId, here.id],
    );
    const schools = async (scope: Scope) =>
      inScope(system.db, scope, async (tx) =>
        (
          await tx.query<{ id: string }[]>('select school_id as id from enrolment where student_id = $1 order by valid_from', [studentId])
        ).map(({ id }) => id),
      );
    expect(await schools(await clerk())).toEqual([here.id]);
    expect(await schools(await holderAt(there.id, 'schoolClerk'))).toEqual([here.id, there.id]);
    const seen = await (await as(system, demo.holder(here.id, 'schoolClerk'))).get(`/students/${studentId}`);
    expect(seen.body.enrolment.school.id).toBe(here.id);
  });

  it('is left for one piece of work and a reason, and comes back after it, after its failure, and after the last of several', async () => {
    await inScope(system.db, await clerk(), async (tx) => {
      const count = async () => (await tx.query<[{ n: number }]>('select count(*)::int as n from change_request', []))[0].n;
      expect(await count()).toBe(1);
      expect(await beyond(tx, 'filing', count)).toBe(2);
      expect(await count()).toBe(1);
      await expect(beyond(tx, 'filing', () => Promise.reject(new Error('it fails')))).rejects.toThrow('it fails');
      expect(await count()).toBe(1);
      const inside = await Promise.all([1, 2, 3].map(() => beyond(tx, 'filing', async () => [await count(), await count()])));
      expect(inside.flat()).toEqual([2, 2, 2, 2, 2, 2]);
      expect(await count()).toBe(1);
    });
    expect(await inScope(system.db, 'process', (tx) => beyond(tx, 'filing', () => places(tx, 'change_request')))).toHaveLength(2);
  });

  it('leaves the inbox one range of one index for each office, stopped after a page', async () => {
    await generatedTasks(system, 3_000, '2026-08-03', '2026-11-20');
    await asOwner(system, 'vacuum analyze task');
    const offices = JSON.stringify([{ office: 'schoolReviewer', organisationId: here.id }]);
    const plan = await inScope(system.db, await holderAt(here.id, 'schoolReviewer'), async (tx) =>
      (
        await tx.query<{ 'QUERY PLAN': string }[]>(`explain (analyze, costs off, timing off, summary off) ${INBOX}`, [
          offices,
          [],
          null,
          null,
          null,
          new Date(),
          null,
          51,
        ])
      )
        .map((row) => row['QUERY PLAN'])
        .join('\n'),
    );
    expect(plan).toMatch(
      /Limit \(actual rows=51\.00 loops=1\)[^]*Index Only Scan using task_inbox on task t_1 \(actual rows=51\.00 loops=1\)/,
    );
    expect(plan).not.toMatch(/Seq Scan on (task|change_request)/);
  });
});
