import { randomUUID } from 'node:crypto';
import { addDays } from '../../src/domain/working-days.js';
import { ApiClient, as, DEMO_PASSWORD, type Answer } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { unmasked } from '../fixtures/unmasked.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('who may see what', () => {
  let system: System;
  let demo: Demonstration;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  let stranger: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    [source, destination] = acrossProvinces(demo);
    const parties = [source, destination].flatMap((school) => [school.id, school.parentId]);
    stranger = demo.schools().find(({ id, parentId }) => !parties.includes(id) && !parties.includes(parentId)) as DemoOrganisation;
  });
  afterAll(() => system?.stop());

  const clerkOf = (school: DemoOrganisation) => as(system, demo.holder(school.id, 'schoolClerk'));
  /** A refusal without what differs from call to call: the trace id and the address asked. */
  const refusalOf = ({ status, body }: Answer) => {
    const { traceId: _traceId, instance: _instance, ...rest } = body;
    return JSON.stringify({ status, ...rest });
  };
  const signedInAs = async (username: string, password = DEMO_PASSWORD) =>
    new ApiClient(system.url).send<{ token: string; expiresAt: string; code: string }>('POST', '/sessions', { username, password });

  it("another school's student, request, task and evidence answer exactly as what does not exist", async () => {
    const story = await Story.transfer(system, demo, [source, destination]);
    const task = await story.task();
    const [evidenceId] = (await story.show()).evidenceIds;
    const outsider = await clerkOf(stranger);
    for (const path of [
      `/students/${story.studentId}`,
      `/students/${story.studentId}/dossier`,
      `/change-requests/${story.id}`,
      `/tasks/${task.id}`,
      `/evidence/${evidenceId}`,
      `/organisations/${source.id}/offices`,
    ]) {
      const hidden = await outsider.get(path);
      expect(hidden.status).toBe(404);
      expect(refusalOf(hidden)).toBe(refusalOf(await outsider.get(path.replace(/[0-9a-f-]{36}/, randomUUID()))));
    }
    for (const path of [`/change-requests/${story.id}/urge`, `/tasks/${task.id}/claim`]) {
      const hidden = await outsider.post(path);
      expect(hidden.status).toBe(404);
      expect(refusalOf(hidden)).toBe(refusalOf(await outsider.post(path.replace(/[0-9a-f-]{36}/, randomUUID()))));
    }
    const listed = await outsider.get('/change-requests?limit=200');
    expect(listed.body.items.map(({ id }: { id: string }) => id)).not.toContain(story.id);
    expect((await outsider.get(`/students?schoolId=${source.id}`)).body.items).toEqual([]);
  });

  it('a look-up of a student whom the caller may not see answers as one of nobody', async () => {
    const student = await unmasked(await clerkOf(source), demo.student(source.id));
    const outsider = await clerkOf(stranger);
    const hidden = await outsider.post('/students/lookup', { studentNumber: student.studentNumber });
    expect(hidden.status).toBe(404);
    expect(refusalOf(hidden)).toBe(refusalOf(await outsider.post('/students/lookup', { studentNumber: 'G11010119000101001X' })));
    const own = await (await clerkOf(source)).post('/students/lookup', { studentNumber: student.studentNumber.toLowerCase() });
    expect(own).toMatchObject({ status: 200, body: { id: student.studentId } });
  });

  it('the superiors of a school see its students and requests, the authorities beside it do not', async () => {
    const story = await Story.transfer(system, demo, [source, destination]);
    const above = [...demo.superiors(source), ...demo.superiors(destination)].map(({ id }) => id);
    const see = async (organisationId: string, path: string) =>
      (await (await as(system, demo.holder(organisationId, 'authorityReviewer'))).get(path)).status;
    for (const superior of demo.superiors(source)) {
      expect(await see(superior.id, `/students/${story.studentId}`)).toBe(200);
      expect(await see(superior.id, `/change-requests/${story.id}`)).toBe(200);
    }
    for (const superior of demo.superiors(destination)) expect(await see(superior.id, `/change-requests/${story.id}`)).toBe(200);
    const beside = [...demo.organisations.values()].filter(({ id, level }) => level === 'county' && !above.includes(id));
    expect(beside.length).toBeGreaterThan(3);
    for (const { id } of beside) {
      expect(await see(id, `/students/${story.studentId}`)).toBe(404);
      expect(await see(id, `/change-requests/${story.id}`)).toBe(404);
    }
  });

  it('a former school sees the past only: neither the later enrolments nor later requests and their evidence', async () => {
    const story = await Story.transfer(system, demo, [source, destination]);
    await story.approveAll();
    const [own] = (await story.show()).evidenceIds;
    const onwards = await clerkOf(destination);
    const laterEvidence = await onwards.evidence();
    const filed = await onwards.post('/change-requests', {
      kind: 'transfer',
      studentId: story.studentId,
      details: { destinationSchoolId: stranger.id },
      evidenceIds: [laterEvidence],
      reason: '再次迁居',
    });
    expect(filed.status).toBe(201);
    const later = story.later(filed.body.id, onwards);
    expect(await later.approveAll()).toMatchObject({ state: 'approved' });
    const former = await clerkOf(source);
    const { body: dossier } = await former.get(`/students/${story.studentId}/dossier`);
    expect(dossier).toMatchObject({ schoolId: source.id, state: 'transferredOut' });
    expect(dossier.enrolments.map(({ school }: { school: { id: string } }) => school.id)).toEqual([source.id]);
    expect(dossier.evidence.map(({ evidenceId }: { evidenceId: string }) => evidenceId)).toEqual([own]);
    expect(
      (await former.get(`/students/${story.studentId}/dossier?asOf=${addDays(system.time.today(), 400)}`)).body.enrolments,
    ).toHaveLength(1);
    expect((await former.get(`/change-requests/${filed.body.id}`)).status).toBe(404);
    expect((await former.get(`/evidence/${laterEvidence}`)).status).toBe(404);
    const present = await (await clerkOf(stranger)).get(`/students/${story.studentId}/dossier`);
    expect(present.body.enrolments).toHaveLength(3);
    expect(present.body.evidence).toHaveLength(2);
  });

  it('an inbox holds the tasks of its offices only', async () => {
    const story = await Story.transfer(system, demo, [source, destination]);
    await story.task('sourceSchool');
    const inbox = async (organisationId: string | null, office: string) => {
      const client = await as(system, demo.holder(organisationId ?? '', office));
      const { body } = await client.get('/tasks?limit=200');
      return body.items as { requestId: string; holder: { id: string }; office: string }[];
    };
    const mine = await inbox(source.id, 'schoolReviewer');
    expect(mine.map(({ requestId }) => requestId)).toContain(story.id);
    expect(new Set(mine.map((task) => `${task.holder.id} ${task.office}`))).toEqual(new Set([`${source.id} schoolReviewer`]));
    for (const [organisationId, office] of [
      [source.id, 'schoolClerk'],
      [destination.id, 'schoolReviewer'],
      [source.parentId, 'authorityReviewer'],
      [source.parentId, 'authoritySupervisor'],
    ] as const)
      expect((await inbox(organisationId, office)).map(({ requestId }) => requestId)).not.toContain(story.id);
  });

  describe('a session', () => {
    const username = () => demo.holder(stranger.id, 'schoolReviewer');

    it('is opened by the right password only; a wrong password, an unknown name and a disabled account are refused alike', async () => {
      const wrong = await signedInAs(username(), 'xueji-dem0');
      expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } });
      expect(refusalOf(wrong as unknown as Answer)).toBe(refusalOf((await signedInAs('nobody')) as unknown as Answer));
      await asOwner(system, 'update person set disabled_at = now() where username = $1', [username()]);
      expect(refusalOf((await signedInAs(username())) as unknown as Answer)).toBe(refusalOf(wrong as unknown as Answer));
      await asOwner(system, 'update person set disabled_at = null where username = $1', [username()]);
    });

    it('ends with the logout, and the token with it', async () => {
      const client = new ApiClient(system.url, (await signedInAs(username())).body.token);
      expect((await client.get('/me')).status).toBe(200);
      expect((await client.send('DELETE', '/sessions/current')).status).toBe(204);
      expect(await client.get('/me')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    });

    it('ends at once when the account is disabled', async () => {
      const client = new ApiClient(system.url, (await signedInAs(username())).body.token);
      await asOwner(system, 'update person set disabled_at = now() where username = $1', [username()]);
      expect((await client.get('/me')).status).toBe(401);
      await asOwner(system, 'update person set disabled_at = null where username = $1', [username()]);
    });

    it.each([
      '',
      'x',
      'Bearer',
      `Bearer ${'a'.repeat(43)}`,
      `Basic ${Buffer.from('a:b').toString('base64')}`,
      `Bearer eyJhbGciOiJub25lIn0.e30.`,
    ])('is not what "%s" names', async (authorization) => {
      const answer = await new ApiClient(system.url).send(
        'GET',
        '/tasks',
        undefined,
        authorization ? { Authorization: authorization } : {},
      );
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    });

    it('expires when its time is over', async () => {
      const { body } = await signedInAs(username());
      const client = new ApiClient(system.url, body.token);
      await system.time.pass(Date.parse(body.expiresAt) - system.time.now() - 60_000);
      expect((await client.get('/me')).status).toBe(200);
      await system.time.pass(120_000);
      expect((await client.get('/me')).status).toBe(401);
    });
  });
});

describe('personal values', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('stand in no refusal and in no log line, wherever a client puts them and whatever fails', async () => {
    const [source] = acrossProvinces(demo);
    const clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
    const { body: student } = await clerk.get(`/students/${demo.student(source.id)}`);
    const { studentNumber } = await unmasked(clerk, student.id);
    const { name } = student as { name: string };
    const documentNumber = studentNumber.slice(1);
    const student2 = { studentNumber, name };
    const answers = [
      await clerk.get(`/students/${studentNumber}`),
      await clerk.get(`/students/${encodeURIComponent(name)}?name=${encodeURIComponent(name)}`),
      await clerk.get(`/nowhere/${documentNumber}`),
      await clerk.post('/students/lookup', { documentType: 'passport', documentNumber }),
      await clerk.post('/students/lookup', { studentNumber: documentNumber, name }),
      await clerk.post('/change-requests', { kind: name, studentId: documentNumber, details: student2, evidenceIds: [name], reason: 5 }),
      await clerk.post('/change-requests', { kind: 'crossTrackTransfer', details: { student: student2 }, evidenceIds: [], reason: name }),
      await clerk.send('POST', '/sessions', { username: name, password: documentNumber }),
      await clerk.send('POST', '/sessions', `{"username":"${name}","password":"${documentNumber}`),
    ];
    await asOwner(system, 'alter table student rename to student_hidden');
    answers.push(await clerk.post('/students/lookup', { studentNumber }), await clerk.get(`/students/${student.id}`));
    await asOwner(system, 'alter table student_hidden rename to student');
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 422, 422, 422, 401, 400, 500, 500]);
    for (const text of [...answers.map(({ body }) => JSON.stringify(body)), ...system.logs])
      for (const value of [name, encodeURIComponent(name), studentNumber, documentNumber]) expect(text).not.toContain(value);
    expect(JSON.stringify(answers.at(-1)?.body)).not.toMatch(/select|relation|student_hidden|\.js/i);
    expect(system.logs.some((line) => line.includes('"code":"internal"'))).toBe(true);
  });
});
