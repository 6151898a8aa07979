import { createHash } from 'node:crypto';
import { removeOutdated } from '../../src/app/retention.js';
import { addDays } from '../../src/domain/working-days.js';
import { asStudent, verify } from '../fixtures/asking.js';
import { ApiClient, as, refused } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

const DAY = 24 * 3_600_000;

describe('anybody verifies what a student says', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    await asOwner(
      system,
      `create function stay() returns trigger language plpgsql as $$
         begin new.expires_at := new.expires_at + interval '20 years'; return new; end $$;
       create trigger stay before insert on student_session for each row execute function stay()`,
    );
    demo = await Demonstration.of(system);
    [school] = acrossProvinces(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  });
  afterAll(() => system?.stop());

  /** A student with a session, the whole name, and a code. */
  const aStudent = async (body: object = { purpose: 'enrolment' }) => {
    const id = demo.student(school.id);
    const student = await asStudent(system, clerk, id);
    const { name } = (await student.get('/own-dossier')).body as { name: string };
    const issued = (await student.post('/verification-codes', body)).body;
    return { id, student, name, issued, code: issued.code as string };
  };
  const usesOf = async (student: ApiClient) => (await student.get('/own-dossier')).body.verificationCodes;
  const documentOf = async (id: string): Promise<string> =>
    (await clerk.post(`/students/${id}/unmaskings`, { reason: '核对学籍信息' })).body.documentNumber;

  it('by a code and the name: enrolled, where, since when, and never the whole number of the document', async () => {
    const { id, student, name, code, issued } = await aStudent();
    expect(code).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/);
    const { status, body } = await verify(system, { code: code.toUpperCase(), name: ` ${name} ` });
    expect([status, body]).toEqual([
      200,
      {
        match: true,
        shown: expect.objectContaining({ purpose: 'enrolment', name, school: school.name, state: 'active', certificate: null }),
      },
    ]);
    const seen = (await student.get('/own-dossier')).body;
    expect(seen.queries[0]).toMatchObject({ what: 'verification', codeId: issued.id, offices: [] });
    const number = await documentOf(id);
    expect(JSON.stringify(body)).not.toContain(number);
    expect(body.shown.documentNumber).toBe(`${'*'.repeat(number.length - 2)}${number.slice(-2)}`);
    expect(await usesOf(student)).toMatchObject([{ id: issued.id, uses: [expect.stringMatching(/\+08:00$/)] }]);
  });

  it('stored by its digest alone, and a code stands in no row', async () => {
    const { code } = await aStudent();
    const rows = JSON.stringify(await asOwner(system, 'select row_to_json(c)::text from verification_code c'));
    expect(rows).not.toContain(code);
    expect(rows).not.toContain(createHash('sha256').update(code.replaceAll('-', '')).digest('hex'));
  });

  it('and learns nothing where nothing matches: one answer, byte for byte, whatever was wrong', async () => {
    const [right, revoked, expired, ended, graduate] = [
      await aStudent(),
      await aStudent(),
      await aStudent({ purpose: 'enrolment', validDays: 1 }),
      await aStudent(),
      await aStudent({ purpose: 'graduation' }),
    ];
    expect((await revoked.student.send('DELETE', `/verification-codes/${revoked.issued.id}`)).status).toBe(204);
    await asOwner(system, `update enrolment set state = 'withdrawn', valid_to = current_date where student_id = $1`, [ended.id]);
    await system.time.pass(DAY);
    const number = await documentOf(right.id);
    const wrong: Record<string, object> = {
      'an unknown code': { code: 'aaaa-aaaa-aaaa-aaaa-aaaa', name: right.name },
      'another name': { code: right.code, name: `${right.name}某` },
      'the name of another': { code: right.code, name: revoked.name },
      'a code that was taken back': { code: revoked.code, name: revoked.name },
      'a code that expired': { code: expired.code, name: expired.name },
      'a student who left': { code: ended.code, name: ended.name },
      'a graduation that is none': { code: graduate.code, name: graduate.name },
      'an unknown certificate': { certificateNumber: '333010262026000123', documentNumber: number, name: right.name },
      'a code that is none': { code: '·', name: right.name },
    };
    const answers = await Promise.all(
      Object.entries(wrong).map(async ([what, question]) => {
        const response = await fetch(`${system.url}/api/v1/verifications`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `172.16.0.${Object.keys(wrong).indexOf(what)}` },
          body: JSON.stringify(question),
        });
        const { status, headers } = response;
        return { what, said: [status, await response.text(), headers.get('content-length'), headers.get('etag')] };
      }),
    );
    const [{ said } = { said: [] }] = answers;
    expect(said.slice(0, 2)).toEqual([200, '{"match":false,"shown":null}']);
    for (const one of answers) expect(one).toEqual({ what: one.what, said });
    expect((await verify(system, right)).status).toBe(422); // a field too many is no question
    expect((await verify(system, { code: right.code, name: right.name })).body.match).toBe(true);
    expect((await usesOf(expired.student))[0].uses).toEqual([]);
  });

  it('but for a question without a code and without both numbers, or with all of it', async () => {
    for (const question of [
      {},
      { certificateNumber: '1' },
      { documentNumber: '1' },
      { code: 'a', certificateNumber: '1', documentNumber: '2' },
    ])
      expect(await verify(system, { ...question, name: '顾家杰' })).toMatchObject(refused(422, 'code-or-numbers'));
  });

  it('twenty times an hour of one code or certificate, known or not; and sixty times a minute from one address', async () => {
    const { code, name } = await aStudent();
    for (const question of [
      { code, name: '张三' },
      { code: 'bbbb-bbbb-bbbb-bbbb-bbbb', name },
      { certificateNumber: '333010262026000777', documentNumber: '1', name },
    ]) {
      const asked = await Promise.all(Array.from({ length: 20 }, () => verify(system, question)));
      for (const { body } of asked) expect(body).toEqual({ match: false, shown: null });
      expect(await verify(system, question)).toMatchObject(refused(429, 'too-many-requests'));
    }
    expect(await verify(system, { code, name })).toMatchObject(refused(429, 'too-many-requests'));
    const here = { 'X-Forwarded-For': '192.0.2.7' };
    const from = await Promise.all(Array.from({ length: 61 }, (_, nth) => verify(system, { code: `n${nth}`, name }, here)));
    expect(from.filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it('by at most twenty codes of a student at once, each of whom only the own ones are taken back', async () => {
    const [one, other] = [await aStudent(), await aStudent()];
    const more = await Promise.all(Array.from({ length: 20 }, () => one.student.post('/verification-codes', { purpose: 'enrolment' })));
    expect(more.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 201), 409]);
    const theirs = await other.student.send('DELETE', `/verification-codes/${one.issued.id}`);
    expect(theirs).toMatchObject(refused(404, 'not-found'));
    expect((await one.student.send('DELETE', `/verification-codes/${one.issued.id}`)).status).toBe(204);
    expect((await one.student.post('/verification-codes', { purpose: 'enrolment' })).status).toBe(201);
  });

  it('of which the student sees each use for three years, and codes as long', async () => {
    const { code, name, student } = await aStudent();
    await verify(system, { code, name });
    const inDays = (n: number) => system.time.jumpTo(addDays(system.time.today(), n));
    inDays(1000);
    await removeOutdated(system.db, system.time);
    expect(await usesOf(student)).toMatchObject([{ uses: [expect.any(String)] }]);
    inDays(200);
    await removeOutdated(system.db, system.time);
    expect(await usesOf(student)).toEqual([]);
    expect(await asOwner(system, 'select 1 from verification_use')).toEqual([]);
  });
});
