import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { exportJobs } from '../../src/exports/export-jobs.js';
import type { JobKind } from '../../src/jobs/job-kind.js';
import { runJobs } from '../../src/jobs/running-jobs.js';
import { logOf } from '../../src/platform/log.js';
import { PolicyStore } from '../../src/policies/policies.store.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { recordFacts } from '../../src/dossier/personal.store.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';
import { asRead, recounted, type Student } from './recount.js';

interface Doubt {
  studentId: string;
  maskedName: string;
  rule: string;
  seen: Record<string, unknown>;
  progress: string;
  answer: string | null;
  correctBy: string | null;
  text: string | null;
}
interface Page {
  items: Doubt[];
  nextCursor: string | null;
}
interface Counts {
  students: number;
  items: { rule: string; found: number; answered: number; overdue: number }[];
}
interface Statement {
  id: string | null;
  term: string;
  state: string | null;
  students: number | null;
  counts: Counts['items'] | null;
  school: { id: string };
}

describe('data checks 数据核查', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let authority: ApiClient;
  let students: Student[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    authority = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    const spoil = (what: string, nth: number, of = 'enrolment', key = 'student_id') =>
      asOwner(
        system,
        `update ${of} set ${what} where ${key} in (select x.student_id from (select student_id, row_number() over (order by student_id) as n
           from enrolment where school_id = $1 and state = 'active') x where x.n % 11 = $2)`,
        [school.id, nth],
      );
    await spoil(`class_name = null`, 1);
    await spoil(`expected_leaving_on = '2026-07-01'`, 2);
    await spoil(`birth_year = 1990`, 3, 'student', 'id');
    await spoil(`authentication = 'pending'`, 4, 'student', 'id');
    await spoil(`retracted_at = now(), retracted_seq = 1`, 5, 'term_registration');
    await spoil(`state = 'suspended', suspended_until = '2026-10-01', since = '2025-10-01'`, 6);
    students = await asRead(system, school.id);
    const cipher = new FieldCipher(system.config.fieldKey, system.config.indexKey);
    const foreign = students.filter((_, nth) => nth % 11 === 7).slice(0, 2);
    for (const [nth, { id }] of foreign.entries()) {
      await asOwner(system, `update student set document_type = 'passport' where id = $1`, [id]);
      const until = ['2026-11-01', '2027-11-01'][nth] as string;
      await inScope(system.db, 'system', (tx) =>
        recordFacts(tx, cipher, id, { documentValidThrough: until }, { validFrom: '2025-09-01', at: new Date(system.time.now()) }),
      );
    }
    students = await asRead(system, school.id);
  });
  afterAll(() => system?.stop());

  const path = (query = '') => `/data-checks/doubts?schoolId=${school.id}&limit=7${query}`;
  const all = async (query = '', by = clerk): Promise<Doubt[]> => {
    const found: Doubt[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = (await by.get<Page>(path(`${query}${cursor && `&cursor=${cursor}`}`))).body;
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  };
  const counts = async () => (await clerk.get<Counts>(`/data-checks/counts?schoolId=${school.id}`)).body;
  const answer = (items: object[], by = clerk) => by.post(`/data-checks/answers`, { schoolId: school.id, items });
  const keyOf = ({ studentId, rule }: Pick<Doubt, 'studentId' | 'rule'>) => `${studentId} ${rule}`;

  it('finds of each student what a plain recount finds, page by page, with masked names', async () => {
    const expected = recounted(students, system.time.today());
    const found = await all();
    expect(found.map(keyOf)).toEqual(expected.map(keyOf));
    expect(new Set(expected.map(({ rule }) => rule)).size).toBe(9);
    expect(found.every(({ maskedName, progress }) => maskedName.includes('*') && progress === 'open')).toBe(true);
    const by = (rule: string) => expected.filter((one) => one.rule === rule).length;
    expect(await counts()).toMatchObject({
      students: students.length,
      items: [...new Set(expected.map(({ rule }) => rule))].sort().map((rule) => ({ rule, found: by(rule), answered: 0, overdue: 0 })),
    });
    expect((await all('&rule=unplaced')).map(keyOf)).toEqual(expected.filter(({ rule }) => rule === 'unplaced').map(keyOf));
    const ofSubsidies = (await all('&purpose=subsidies')).map(({ rule }) => rule);
    expect([ofSubsidies.includes('unregisteredForTheTerm'), ofSubsidies.includes('unplaced')]).toEqual([true, false]);
  });

  it('names of each rule what it stands on, for everybody who is signed in', async () => {
    const { items } = (await clerk.get<{ items: { code: string; basis: string; name: { zh: string } }[] }>('/data-checks/rules')).body;
    expect(items.length).toBe(13);
    expect(items.every(({ basis, name }) => /(Art \d|R-\d\d|A\d)/.test(basis) && /\p{Script=Han}/u.test(name.zh))).toBe(true);
  });

  it('are answered by the school’s clerk; an answer lapses when the rule sees something else, or when its day has passed', async () => {
    const [first, second, third] = await all('&rule=pastLeavingDay');
    const said = { rule: 'pastLeavingDay', text: '该生参军保留学籍，材料在档' };
    expect(
      await answer([
        { ...said, studentId: first?.studentId, answer: 'explained' },
        { ...said, studentId: second?.studentId, answer: 'willCorrect', correctBy: system.time.today() },
        { studentId: third?.studentId, rule: 'pastLeavingDay', answer: 'corrected' },
      ]),
    ).toMatchObject({ status: 200, body: { answered: 3 } });
    const progress = async () => (await all('&rule=pastLeavingDay')).slice(0, 3).map((one) => [one.answer, one.progress]);
    expect(await progress()).toEqual([
      ['explained', 'answered'],
      ['willCorrect', 'answered'],
      ['corrected', 'answered'],
    ]);
    expect((await all('&rule=pastLeavingDay', authority))[0]).toMatchObject({ text: said.text, correctBy: null });
    const [stored] = await asOwner<{ text: Buffer; body: string }[]>(
      system,
      `select a.text_cipher as text, c.body::text as body from doubt_answer a join act c on c.kind = 'doubtsAnswered' limit 1`,
    );
    expect(`${stored?.text.toString('utf8')} ${stored?.body}`).not.toContain('参军');
    await asOwner(system, `update enrolment set expected_leaving_on = '2026-08-01' where student_id = $1`, [first?.studentId]);
    await asOwner(system, `update doubt_answer set correct_by = correct_by - 1`);
    expect(await progress()).toEqual([
      [null, 'open'],
      ['willCorrect', 'overdue'],
      ['corrected', 'overdue'],
    ]);
    expect((await all('&rule=pastLeavingDay&progress=overdue')).map(keyOf)).toEqual([second, third].map((one) => keyOf(one!)));
  });

  it('takes no answer of what is no doubt, of another school, twice, without its day, or by another office', async () => {
    const [one] = await all('&rule=unplaced');
    const { studentId } = one!;
    const wrong = await answer([
      { studentId, rule: 'documentExpired', answer: 'corrected' },
      { studentId, rule: 'unplaced', answer: 'willCorrect', correctBy: '2026-01-01' },
      { studentId, rule: 'unplaced', answer: 'corrected' },
    ]);
    expect(wrong).toMatchObject(refused(422, 'invalid-input'));
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/items/0', '/items/1/correctBy', '/items/2']);
    expect(await answer([{ studentId, rule: 'unplaced', answer: 'explained' }])).toMatchObject(refused(422, 'invalid-input'));
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    for (const by of [authority, reviewer])
      expect(await answer([{ studentId, rule: 'unplaced', answer: 'corrected' }], by)).toMatchObject(refused(403, 'not-your-office'));
    const stranger = await as(system, demo.holder(demo.schools('ordinary')[0]?.id ?? '', 'schoolClerk'));
    expect(await stranger.get(path())).toMatchObject(refused(404, 'not-found'));
  });

  it('are stated once a term by school and authority, when every doubt is answered, with the counts of that moment', async () => {
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    const sign = () => reviewer.post<Statement>('/data-checks/statements', { schoolId: school.id });
    expect(await sign()).toMatchObject(refused(409, 'doubts-unanswered'));
    const open = (await all()).filter(({ progress }) => progress !== 'answered');
    for (let at = 0; at < open.length; at += 200)
      await answer(open.slice(at, at + 200).map(({ studentId, rule }) => ({ studentId, rule, answer: 'explained', text: '已核实无误' })));
    const frozen = await counts();
    const signed = await sign();
    expect(signed).toMatchObject({
      status: 201,
      body: { state: 'signed', term: '2026-1', students: frozen.students, counts: frozen.items },
    });
    expect(await sign()).toMatchObject(refused(409, 'statement-signed'));
    const settle = (how: string, by = authority, body = {}) => by.post(`/data-checks/statements/${signed.body.id}/${how}`, body);
    expect(await settle('confirmation', reviewer)).toMatchObject(refused(403, 'not-your-office'));
    expect(await settle('return', authority, { reason: '有一名学生未说明' })).toMatchObject({ status: 200, body: { state: 'returned' } });
    expect(await settle('confirmation')).toMatchObject(refused(409, 'statement-not-open'));
    expect(await sign()).toMatchObject({ status: 201, body: { id: signed.body.id, state: 'signed' } });
    expect(await settle('confirmation')).toMatchObject({ status: 200, body: { state: 'confirmed', counts: frozen.items } });
    const { items } = (await authority.get<{ items: Statement[] }>('/data-checks/statements')).body;
    expect(items.find((one) => one.school.id === school.id)).toMatchObject({ state: 'confirmed' });
    expect(items.some(({ state }) => state === null)).toBe(true);
    const acts = await asOwner<{ kind: string; head: boolean; counts: unknown }[]>(
      system,
      `select kind, head_id is not null as head, body -> 'counts' as counts from act
       where stream_id = $1 and kind like 'dataStat%' order by seq`,
      [school.id],
    );
    expect(acts.map(({ kind }) => kind)).toEqual(['dataStated', 'dataStatementReturned', 'dataStated', 'dataStatementConfirmed']);
    expect(acts.every(({ head }) => head)).toBe(true);
    expect(acts[3]?.counts).toEqual(frozen.items);
  });

  it('are inspected by a list that follows from its seed, and that it was drawn is on record', async () => {
    const draw = async (seed: string, size = 12) =>
      (
        await authority.post<{ population: number; items: { studentId: string; maskedName: string }[] }>('/data-checks/samples', {
          organisationId: school.parentId,
          seed,
          size,
        })
      ).body;
    const [one, again, other] = [await draw('甲'), await draw('甲'), await draw('乙')];
    const ids = ({ items }: typeof one) => items.map(({ studentId }) => studentId);
    expect(ids(again)).toEqual(ids(one));
    expect(ids(await draw('甲', 5))).toEqual(ids(one).slice(0, 5));
    expect([ids(one).length, new Set(ids(one)).size, ids(other).join() === ids(one).join()]).toEqual([12, 12, false]);
    expect(one.population).toBeGreaterThan(students.length);
    expect(one.items.every(({ maskedName }) => maskedName.includes('*'))).toBe(true);
    const drawn = await asOwner<{ n: number }[]>(
      system,
      `select count(*)::int as n from act where kind = 'sampleDrawn' and stream_id = $1`,
      [school.parentId],
    );
    expect(drawn).toEqual([{ n: 4 }]);
    const sample = { organisationId: school.id, seed: '甲', size: 1 };
    expect(await clerk.post('/data-checks/samples', sample)).toMatchObject(refused(403, 'not-your-office'));
    const above = [...demo.organisations.values()].find(({ level }) => level === 'national') as DemoOrganisation;
    expect(await authority.post('/data-checks/samples', { ...sample, organisationId: above.id })).toMatchObject(refused(404, 'not-found'));
  });

  it('beside the feed for subsidies: full-time students in study by month, whole names, each page on record', async () => {
    interface Item {
      studentId: string;
      name: string;
      studentNumber: string;
      grade: string;
      from: string;
      through: string;
      school: { id: string };
    }
    interface Feed {
      items: Item[];
      nextCursor: string | null;
    }
    const [left] = students
      .filter(({ state, enrolledOn }) => state === 'active' && enrolledOn >= '2024-08-01' && enrolledOn < '2026-10-01')
      .slice(-1);
    await asOwner(system, `update enrolment set state = 'withdrawn', since = '2026-10-16', changed_at = $2 where student_id = $1`, [
      left?.id,
      new Date(system.time.now()),
    ]);
    const feed = async (query: string): Promise<Item[]> => {
      const found: Item[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Feed = (await authority.get<Feed>(`/subsidies/${query}&limit=40${cursor && `&cursor=${cursor}`}`)).body;
        found.push(...page.items);
        cursor = page.nextCursor;
      }
      return found;
    };
    const read = async () =>
      (await asOwner<{ n: number }[]>(system, `select count(*)::int as n from dossier_access where what = 'export'`))[0]?.n;
    const before = (await read()) ?? 0;
    const found = await feed('students?month=2026-10&scheme=tuitionWaiver');
    const rows = await asOwner<{ id: string; grade: string; mode: string; versions: Student['versions'] }[]>(
      system,
      `select e.student_id as id, e.grade, e.study_mode as mode, (select jsonb_agg(jsonb_build_object('since', since, 'state', state)
         order by seq) from enrolment_version v where v.enrolment_id = e.id) as versions
       from enrolment e join organisation o on o.id = e.school_id where o.parent_id = $1 and o.type <> 'ordinaryMiddle'`,
      [school.parentId],
    );
    const days = Array.from({ length: 31 }, (_, nth) => `2026-10-${String(nth + 1).padStart(2, '0')}`);
    const daysOf = (one: (typeof rows)[number]) =>
      days.filter((day) => one.versions.findLast(({ since }) => since <= day)?.state === 'active');
    const expected = new Map(
      rows
        .filter(({ grade, mode }) => mode === 'fullTime' && grade >= '2024')
        .flatMap((one) => {
          const active = daysOf(one);
          return active.length === 0 ? [] : [[one.id, [active[0], active.at(-1)]] as const];
        }),
    );
    expect(new Map(found.map((one) => [one.studentId, [one.from, one.through]]))).toEqual(expected);
    expect([found.length, await read()]).toEqual([expected.size, before + found.length]);
    expect(expected.get(left?.id ?? '')?.[1]).toBe('2026-10-15');
    expect(found.every(({ name, studentNumber }) => !name.includes('*') && /^[GLJ]/.test(studentNumber))).toBe(true);
    expect((await feed('students?month=2026-10&scheme=grant')).every(({ grade }) => grade >= '2025')).toBe(true);
    const changed = (await feed(`changes?since=${system.time.today()}`)).map(({ studentId }) => studentId);
    expect(changed).toContain(left?.id);
    expect(await authority.get('/subsidies/students?month=2027-01&scheme=grant')).toMatchObject(refused(422, 'invalid-input'));
    for (const path of ['students?month=2026-10&scheme=grant', 'changes?since=2026-10-01'])
      expect(await clerk.get(`/subsidies/${path}`)).toMatchObject(refused(403, 'not-your-office'));
  });

  it('are listed of all schools in reach by a job, as are large figures, in a file without a formula', async () => {
    interface JobShown {
      id: string;
      state: string;
      progress: number;
      faults: { code: string }[];
    }
    await asOwner(system, `update organisation set name = '=1+1' where id = $1`, [school.id]);
    const cipher = new FieldCipher(system.config.fieldKey, system.config.indexKey);
    const ground = { db: system.db, clock: system.time, cipher, log: logOf('test', 'fatal') };
    const kinds = exportJobs({ ...ground, calendar: new CalendarStore(), policies: new PolicyStore() }) as readonly JobKind[];
    const made = async (body: object, by = authority): Promise<string> => {
      const started = await by.post<JobShown>('/exports', body);
      expect(started).toMatchObject({ status: 202, body: { state: 'running', progress: 0 } });
      while (await runJobs({ ...ground, kinds }));
      const { body: ended } = await by.get<JobShown>(`/jobs/${started.body.id}`);
      expect(ended).toMatchObject({ state: 'done', progress: 1, faults: [] });
      return (await by.get<string>(`/jobs/${started.body.id}/file`)).body;
    };
    const lines = (await made({ what: 'doubts' })).trim().split('\r\n');
    const own = lines.filter((line) => line.includes(`,'=1+1,`));
    expect([lines[0]?.includes('疑点'), own.length]).toEqual([true, (await all('', authority)).length]);
    expect(new Set(lines.map((line) => line.split(',')[0])).size).toBeGreaterThan(2);
    const figures = await made({ what: 'enrolments', enrolments: { by: 'school,grade' } });
    const { body } = await authority.get<{ items: object[] }>('/statistics/enrolments?by=school,grade');
    expect(figures.trim().split('\r\n').length).toBe(body.items.length + 1);
    expect(await made({ what: 'retention', retention: { grade: '2025', from: '2026-01-01' } })).toContain('巩固率');
    expect(await made({ what: 'movements' })).toContain('期末在籍');
    const wrong = [{ what: 'doubts', format: 'xlsx' }, { what: 'retention' }, { what: 'weather' }];
    for (const one of wrong) expect(await authority.post('/exports', one)).toMatchObject(refused(422, 'invalid-input'));
    const operator = await as(system, 'operator');
    expect(await operator.post('/exports', { what: 'movements' })).toMatchObject(refused(403, 'not-your-office'));
  });

  it('finds the same picture of two students, whether it came for an intake or stands on a certificate', async () => {
    const twins = students.slice(0, 2).map(({ id }) => id);
    await asOwner(
      system,
      `with i as (insert into intake (id, school_id, year, season, nth, opened_at) values (gen_random_uuid(), $1, 2019, 'spring', 1, now())
         returning id),
       v as (insert into evidence (id, sha256, size, type, uploaded_by, organisation_ids, uploaded_at, name_cipher)
         select gen_random_uuid(), 'same', 1, 'image/jpeg', (select id from person limit 1), array[$1::uuid], now(), ''
         from generate_series(1, 2)
         returning id),
       n as (select id, row_number() over () as nth from v)
       insert into registration (id, student_id, enrolment_id, school_id, findings, reported_on, late, recorded_at, intake_id,
         photograph_id)
       select gen_random_uuid(), e.student_id, e.id, $1, '{}', '2026-09-01', false, now(), i.id, n.id
       from i, n join unnest($2::uuid[]) with ordinality w (id, nth) using (nth) join enrolment e on e.student_id = w.id`,
      [school.id, twins],
    );
    const found = await all('&rule=samePhotograph');
    expect(found.map(({ studentId, seen }) => [studentId, seen])).toEqual(twins.toSorted().map((id) => [id, { others: 1 }]));
  });
});
