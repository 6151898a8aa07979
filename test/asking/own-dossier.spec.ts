import { AppModule } from '../../src/app/app.module.js';
import { declaredRoutes } from '../../src/app/declared-routes.js';
import { asStudent, credentialsOf, signInStudent } from '../fixtures/asking.js';
import { ByHand } from '../fixtures/by-hand.js';
import { ApiClient, as, refused } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { UNTIL } from '../fixtures/dates.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

const WRONG = refused(401, 'wrong-sign-in');
const HOUR = 3_600_000;

describe('a student asks for the own dossier', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let elsewhere: DemoOrganisation;
  let clerk: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [school, elsewhere] = acrossProvinces(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  });
  afterAll(() => system?.stop());
  const reviewerOf = (id: string) => as(system, demo.holder(id, 'authorityReviewer'));

  describe('by a code', () => {
    it('that a clerk of the own school hands out once: on the record of reads, and in the ledger', async () => {
      const id = demo.student(school.id);
      const key = crypto.randomUUID();
      const first = await clerk.post(`/students/${id}/sign-in-codes`, { holder: 'guardian' }, key);
      expect(first.body.code).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/);
      const again = await clerk.post(`/students/${id}/sign-in-codes`, { holder: 'guardian' }, key);
      expect(again).toMatchObject({ status: 201, body: { id: first.body.id, code: null } });
      const kept = await asOwner(system, 'select row_to_json(s)::text as row from student_sign_in s where id = $1', [first.body.id]);
      expect(JSON.stringify(kept)).not.toContain(first.body.code);
      const reader = await as(system, demo.holder(school.parentId ?? '', 'authoritySupervisor'));
      expect((await reader.get(`/students/${id}/access`)).body.items).toMatchObject([{ what: 'signInCode' }]);
      const acts = await asOwner(system, `select kind, body ->> 'holder' as holder from act where stream_id = $1`, [id]);
      expect(acts).toContainEqual({ kind: 'signInCodeIssued', holder: 'guardian' });
    });

    it('that no clerk elsewhere, no reviewer of the own school and no authority of a student in study hands out', async () => {
      const id = demo.student(school.id);
      const ask = async (client: ApiClient) => (await client.post(`/students/${id}/sign-in-codes`, { holder: 'student' })).body.code;
      expect(await ask(await as(system, demo.holder(elsewhere.id, 'schoolClerk')))).toBe('not-found');
      expect(await ask(await as(system, demo.holder(school.id, 'schoolReviewer')))).toBe('not-your-office');
      expect(await ask(await reviewerOf(school.parentId ?? ''))).toBe('not-your-office');
    });

    it('that the authority of the dossier hands out to a leaver, too', async () => {
      const id = demo.student(school.id);
      await asOwner(system, `update enrolment set state = 'graduated', valid_to = current_date where student_id = $1`, [id]);
      const reviewer = await reviewerOf(school.parentId ?? '');
      expect((await reviewer.post(`/students/${id}/sign-in-codes`, { holder: 'student' })).status).toBe(201);
      const far = await reviewerOf(elsewhere.parentId ?? '');
      expect(await far.post(`/students/${id}/sign-in-codes`, { holder: 'student' })).toMatchObject(refused(404, 'not-found'));
    });

    it('however large it is typed and in whatever groups', async () => {
      const { code, ...rest } = await credentialsOf(clerk, demo.student(school.id));
      expect(await signInStudent(system, { ...rest, code: ` ${code.toUpperCase().replaceAll('-', ' ')} ` })).toMatchObject({ status: 201 });
    });

    it('once; a used, an expired and a replaced code, wrong numbers and a wrong code have one answer', async () => {
      const [id, other] = [demo.student(school.id), demo.student(school.id)];
      const replaced = await credentialsOf(clerk, id);
      const right = await credentialsOf(clerk, id);
      const theirs = await credentialsOf(clerk, other);
      const answers = [
        await signInStudent(system, replaced),
        await signInStudent(system, { ...right, code: 'aaaa-aaaa-aaaa' }),
        await signInStudent(system, { ...right, code: theirs.code }),
        await signInStudent(system, { ...right, studentNumber: theirs.studentNumber }),
        await signInStudent(system, { ...right, documentNumber: theirs.documentNumber }),
        await signInStudent(system, { ...right, documentType: 'passport' }),
      ];
      expect(await signInStudent(system, right)).toMatchObject({ status: 201, body: { holder: 'student' } });
      answers.push(await signInStudent(system, right));
      await system.time.pass(24 * HOUR);
      answers.push(await signInStudent(system, theirs));
      for (const answer of answers) expect(answer).toMatchObject(WRONG);
      const said = answers.map(({ body: { traceId: _, ...body } }) => JSON.stringify(body));
      expect(new Set(said).size).toBe(1);
    });

    it('that ends after five wrong tries, also when they come at the same time', async () => {
      const right = await credentialsOf(clerk, demo.student(school.id));
      const tries = Array.from({ length: 12 }, () => signInStudent(system, { ...right, code: 'aaaa-aaaa-aaaa' }));
      for (const answer of await Promise.all(tries)) expect(answer).toMatchObject(WRONG);
      expect(await asOwner(system, 'select attempts from student_sign_in order by issued_at desc limit 1')).toEqual([{ attempts: 5 }]);
      expect(await signInStudent(system, right)).toMatchObject(WRONG);
    });

    it('that opens one session, though it is sent many times at once', async () => {
      const right = await credentialsOf(clerk, demo.student(school.id));
      const answers = await Promise.all(Array.from({ length: 5 }, () => signInStudent(system, right)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
    });
  });

  describe('with a session that', () => {
    const routes = declaredRoutes(AppModule).filter(({ path }) => !/^\/(health|metrics|verify)/.test(path));
    const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
    const ask = (client: ApiClient, { method, path }: { method: string; path: string }) =>
      client.send(method, path.replace('{version}', '1').replace(/\{\w+\}/g, '0192f5c2-0000-7000-8000-000000000000'));

    it('opens nothing else: every route for offices answers 401', async () => {
      const student = await asStudent(system, clerk, demo.student(school.id));
      const guarded = routes.filter(({ mayCall }) => mayCall?.by !== 'everybody' && mayCall?.by !== 'student');
      expect(guarded.length).toBeGreaterThan(140);
      for (const route of guarded)
        expect([nameOf(route), await ask(student, route)]).toMatchObject([nameOf(route), refused(401, 'unauthenticated')]);
      expect((await student.get('/own-dossier')).status).toBe(200);
    });

    it('no office opens: every route of students answers 401 to it', async () => {
      const own = routes.filter(({ mayCall }) => mayCall?.by === 'student');
      expect(own.map(nameOf).sort()).toEqual([
        'DELETE /student-sessions/current',
        'DELETE /verification-codes/{id}',
        'GET /own-dossier',
        'GET /own-dossier/certificates/{number}/pdf',
        'GET /own-dossier/queries',
        'POST /own-dossier/objections',
        'POST /verification-codes',
      ]);
      for (const client of [clerk, await as(system, 'operator'), new ApiClient(system.url)])
        for (const route of own) expect(await ask(client, route)).toMatchObject(refused(401, 'unauthenticated'));
    });

    it('ends when the student signs out, and after an hour', async () => {
      const [first, second] = [
        await asStudent(system, clerk, demo.student(school.id)),
        await asStudent(system, clerk, demo.student(school.id)),
      ];
      expect((await first.send('DELETE', '/student-sessions/current')).status).toBe(204);
      expect(await first.get('/own-dossier')).toMatchObject(refused(401, 'unauthenticated'));
      expect((await second.get('/own-dossier')).status).toBe(200);
      await system.time.pass(HOUR);
      expect(await second.get('/own-dossier')).toMatchObject(refused(401, 'unauthenticated'));
    });
  });

  describe('and sees', () => {
    it('who the student is, with numbers masked, enrolments, and each query made about it, page by page', async () => {
      const id = demo.student(school.id);
      const student = await asStudent(system, clerk, id);
      const dossier = (await clerk.get(`/students/${id}/dossier`)).body;
      const { body } = await student.get('/own-dossier');
      const { body: seen } = await clerk.get(`/students/${id}`);
      expect(body).toMatchObject({
        holder: 'student',
        name: seen.name,
        studentNumber: seen.studentNumber,
        documentNumber: seen.documentNumber,
      });
      expect(body.terms.length).toBeGreaterThan(0);
      expect(body.terms).toEqual(dossier.terms.map(({ by: _by, ...term }: { by: unknown }) => term));
      expect([body.enrolments, body.facts]).toEqual([dossier.enrolments, dossier.facts]);
      expect(body.enrolments).toMatchObject([{ school: { id: school.id }, state: 'active' }]);
      expect(body.queries.map(({ what }: { what: string }) => what)).toEqual(['dossier', 'signInCode', 'unmasking']);
      expect(body.queries[0].offices).toMatchObject([{ office: 'schoolClerk', organisation: { id: school.id } }]);
      expect(JSON.stringify(body.queries)).not.toContain('displayName');
      const pages: string[] = [];
      for (let cursor = ''; pages.length < 9;) {
        const page = (await student.get(`/own-dossier/queries?limit=1${cursor}`)).body;
        pages.push(...page.items.map(({ what }: { what: string }) => what));
        if (page.nextCursor === null) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
      expect(pages).toEqual(['student', 'dossier', 'signInCode', 'unmasking']);
    });

    it('an open request with its step, its holder and the due date, to which an objection is noted', async () => {
      const story = await Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
      await new ByHand(system).settle(story.id);
      const guardian = await asStudent(system, clerk, story.studentId, 'guardian');
      const [change] = (await guardian.get('/own-dossier')).body.changes;
      expect(change).toMatchObject({
        id: story.id,
        kind: 'suspension',
        state: 'open',
        openTasks: [{ holder: { id: school.id }, dueDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), overdue: false }],
      });
      const noted = await guardian.post('/own-dossier/objections', { objection: '监护人不同意休学' });
      expect(noted).toMatchObject({ status: 201, body: { requestIds: [story.id] } });
      const { timeline } = (await story.filer.get(`/change-requests/${story.id}`)).body;
      expect(timeline.at(-1)).toMatchObject({ kind: 'objected' });
      expect((await guardian.get('/own-dossier')).body.objections).toMatchObject([
        { objector: 'guardian', objection: '监护人不同意休学', requestId: story.id },
      ]);
      await new Telling(system).now();
      const authority = await reviewerOf(school.parentId ?? '');
      expect((await new Telling(system).of(authority, story)).map(({ kind }) => kind)).toContain('objected');
      const other = await asStudent(system, clerk, demo.student(school.id));
      const theirs = await other.post('/own-dossier/objections', { objection: '与我无关', requestId: story.id });
      expect(theirs).toMatchObject(refused(404, 'not-found'));
    });

    it('where no request is open, that an objection alerts school and authority; ten a day and no more', async () => {
      const id = demo.student(school.id);
      const student = await asStudent(system, clerk, id);
      const object = () => student.post('/own-dossier/objections', { objection: '入学年月有误' });
      expect(await object()).toMatchObject({ status: 201, body: { requestIds: [] } });
      const telling = new Telling(system);
      await telling.now();
      for (const client of [clerk, await reviewerOf(school.parentId ?? '')])
        expect((await telling.list(client)).items).toContainEqual(expect.objectContaining({ kind: 'dossierObjected', studentId: id }));
      for (const client of [clerk, await reviewerOf(school.parentId ?? '')])
        expect((await client.get(`/students/${id}/objections`)).body).toMatchObject({
          items: [{ objector: 'student', objection: '入学年月有误', requestId: null }],
        });
      const far = await as(system, demo.holder(elsewhere.id, 'schoolClerk'));
      expect(await far.get(`/students/${id}/objections`)).toMatchObject(refused(404, 'not-found'));
      for (let nth = 2; nth <= 10; nth += 1) expect((await object()).status).toBe(201);
      expect(await object()).toMatchObject(refused(429, 'too-many-requests'));
    });
  });
});
