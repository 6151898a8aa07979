import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IdentityAnswer } from '../../src/identity/identity.js';
import { SaidIdentity } from '../fixtures/correction.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { takes } from '../fixtures/held.js';
import { aRegister } from '../fixtures/a-register.js';
import { askingRegister } from '../fixtures/asking-registers.js';
import { as } from '../fixtures/client.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { clerkAt, freshNumber, register, somebody, tryToRegister, type Registered } from '../fixtures/registrations.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('an intake that the population service cannot answer for (R-09)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let down: Server;
  const identity = new SaidIdentity();
  beforeAll(async () => {
    down = createServer((_request, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => down.listen(0, '127.0.0.1', resolve));
    const settings = { IDENTITY_URL: `http://127.0.0.1:${(down.address() as AddressInfo).port}/` };
    system = await startSystem({ engine: 'none', worker: false, identity, settings });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [, school] = acrossProvinces(demo);
  });
  afterAll(async () => {
    await system?.stop();
    down.close();
  });

  const shown = async ({ id }: Registered, by: Awaited<ReturnType<typeof clerk>>) =>
    (await by.get<Registered>(`/registrations/${id}`)).body;
  const clerk = () => clerkAt(system, demo, school);
  const waiting = async ({ id }: Pick<Registered, 'id'>) =>
    (await asOwner<{ n: number }[]>(system, 'select count(*)::int as n from registration_check where registration_id = $1', [id]))[0]?.n;
  async function pending(): Promise<Registered> {
    identity.answer = 'unavailable';
    const { status, body } = await register(system, demo, school, somebody());
    expect([status, body.state, body.findings]).toEqual([201, 'pending', []]);
    await system.checkIdentities();
    expect(await waiting(body)).toBe(1);
    return body;
  }

  it.each([
    ['matched', 'pending', []],
    ['unknownDocument', 'held', ['documentNotFound']],
    ['nameDiffers', 'held', ['documentNameDiffers']],
  ] as const)('is pending, and asked again until the service says %s: then it is %s', async (answer, state, findings) => {
    const made = await pending();
    identity.answer = answer;
    await system.checkIdentities();
    expect(await waiting(made)).toBe(1); // not yet: a service that is down is left in peace for a minute
    await system.time.pass(61_000);
    await Promise.all([system.checkIdentities(), system.checkIdentities()]);
    expect(await shown(made, await clerk())).toMatchObject({ state, findings });
    expect(await waiting(made)).toBe(answer === 'matched' ? 0 : 1); // asked again until it confirms
    const told = await asOwner(system, `select body from act where stream_id = $1 and kind = 'identityChecked'`, [made.studentId]);
    expect(told).toEqual([{ body: { registrationId: made.id, answer } }]);
    identity.answer = answer;
    await system.time.pass(6 * 3_600_000 + 1000);
    await system.checkIdentities();
    expect(await asOwner(system, `select 1 from act where stream_id = $1 and kind = 'identityChecked'`, [made.studentId])).toHaveLength(1);
    identity.answer = 'matched';
    await system.time.pass(6 * 3_600_000 + 1000);
    await system.checkIdentities();
    expect([await waiting(made), (await shown(made, await clerk())).authentication]).toEqual([0, 'confirmed']);
  });

  it('does not keep the others from being asked when one of them cannot be read', async () => {
    const [bad, good] = [await pending(), (await register(system, demo, school, somebody())).body];
    const [kept] = await asOwner<{ cipher: Buffer }[]>(system, 'select name_cipher as cipher from student where id = $1', [bad.studentId]);
    await asOwner(system, `update student set name_cipher = 'no cipher' where id = $1`, [bad.studentId]);
    identity.answer = 'matched';
    await system.time.pass(61_000);
    await system.checkIdentities();
    expect(await waiting(bad)).toBe(1);
    expect(await asOwner(system, `select 1 from act where stream_id = $1 and kind = 'identityChecked'`, [good.studentId])).toHaveLength(1);
    await asOwner(system, `update student set name_cipher = $2 where id = $1`, [bad.studentId, kept?.cipher]);
    await system.time.pass(121_000);
    await system.checkIdentities();
    expect(await waiting(bad)).toBe(0);
  });

  it('is refused by code when another takes its document in that moment', async () => {
    identity.answer = 'matched';
    const body = somebody() as { document: { type: string; number: string } };
    const other = await takes(system, { documentType: body.document.type, documentNumber: body.document.number }, demo.student(school.id));
    const registering = register(system, demo, school, body);
    await other.waitedFor();
    await other.commit();
    expect(await registering).toMatchObject({ status: 409, body: { code: 'document-in-use' } });
    const again = (await register(system, demo, school, body)).body;
    expect(again).toMatchObject({ state: 'held' });
    await system.time.pass(61_000);
    await system.checkIdentities();
    expect(await waiting(again)).toBe(0);
  });

  it('is not held when the answer comes after it has ended', async () => {
    const made = await pending();
    await asOwner(system, `update enrolment set state = 'deregistered', valid_to = since, changed_at = now() where student_id = $1`, [
      made.studentId,
    ]);
    identity.answer = 'nameDiffers';
    await system.time.pass(61_000);
    await system.checkIdentities();
    expect(await shown(made, await clerk())).toMatchObject({ state: 'ended', findings: [] });
    expect(await waiting(made)).toBe(0);
  });

  describe('held because of a namesake (R-08)', () => {
    const passport = (number: string) => ({ type: 'passport', number });
    const alike = (one: Record<string, unknown>, document: object) => ({ ...one, document });
    const noted = async (studentId: string) =>
      (await asOwner(system, `select body from act where stream_id = $1 and kind = 'namesakeFound'`, [studentId])) as { body: object }[];
    const heldBeside = async (first: Record<string, unknown>, second: Record<string, unknown>) => {
      const other = (await register(system, demo, school, first)).body;
      const held = (await register(system, demo, school, second)).body;
      expect([other.state, held.state, held.findings]).toEqual(['pending', 'held', ['possibleDuplicate']]);
      return [other, held] as const;
    };
    const isReleased = async (other: Registered, held: Registered) => {
      expect(await shown(held, await clerk())).toMatchObject({
        state: 'pending',
        findings: [],
        duplicates: [{ state: 'settled', outcome: 'namesakes' }],
      });
      for (const { studentId } of [other, held]) {
        const body = { registrationId: held.id, schoolId: school.id, authorityId: school.parentId };
        expect(await noted(studentId)).toEqual([{ body }]);
      }
    };
    const asked = async (answer: IdentityAnswer) => {
      identity.answer = answer;
      await system.time.pass(61_000);
      await system.checkIdentities();
    };
    const attest = async ({ id }: Registered) => {
      const reviewer = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
      const answer = await reviewer.post(`/registrations/${id}/attestation`, {
        evidenceIds: [await reviewer.evidence()],
        note: '已核验护照和出入境证明原件',
      });
      expect(answer).toMatchObject({ status: 200, body: { authentication: 'attested' } });
    };

    it('is released, and noted on both sides, when the service confirms both at once', async () => {
      identity.answer = 'unavailable';
      const one = somebody();
      const { birthDate } = one as { birthDate: string };
      const [other, held] = await heldBeside(one, alike(one, { type: 'residentId', number: freshNumber(birthDate) }));
      await asked('matched');
      await isReleased(other, held);
    });

    it('is released when the authority attests the second of the two, and not when it attests one', async () => {
      const one = somebody();
      const [other, held] = await heldBeside(alike(one, passport('E61234567')), one);
      await asked('matched');
      await attest(other);
      await isReleased(other, held);
      const two = somebody();
      const [, late] = await heldBeside(alike(two, passport('E61234568')), alike(two, passport('E61234569')));
      await attest(late);
      expect(await shown(late, await clerk())).toMatchObject({ state: 'held', findings: ['possibleDuplicate'] }); // the other is not
    });

    it('stays held for what else holds it', async () => {
      const one = somebody();
      const [other, held] = await heldBeside(alike(one, passport('E61234570')), one);
      await asked('unknownDocument');
      await attest(other);
      await attest(held);
      expect(await shown(held, await clerk())).toMatchObject({
        state: 'held',
        findings: ['documentNotFound'],
        duplicates: [{ outcome: 'namesakes' }],
      });
    });
  });

  it('is held while a register of other schools holds the person, of whom it tells no school, and free afterwards (R-08)', async () => {
    let said: object = { result: 'held', holding: 'inStudy', school: '某高中', name: '某人' };
    const register = await aRegister(() => said);
    const ask = await askingRegister(system, register);
    identity.answer = 'matched';
    const before = register.asked.length;
    register.down = true;
    const { body: made } = await tryToRegister(system, demo, school, somebody());
    const reader = await clerk();
    const seen = async () => (await reader.get<Registered & { registers: object[] }>(`/registrations/${made.id}`)).body;
    await ask(); // no answer refuses nobody, and leaves the register in peace for a while
    await ask();
    expect([register.asked.length - before, await seen()]).toMatchObject([1, { state: 'pending', registers: [{ answer: 'pending' }] }]);
    register.down = false;
    await system.time.pass(61_000);
    await ask();
    const held = await seen();
    expect(held).toMatchObject({
      state: 'held',
      findings: ['otherRegister'],
      registers: [{ answer: 'held', name: '普通高中学籍系统', holding: 'inStudy', message: '在籍在读' }],
    });
    expect(JSON.stringify(held)).not.toMatch(/某高中|某人/);
    said = { result: 'none' };
    await ask();
    expect(await seen()).toMatchObject({ state: 'held' }); // not yet: it is asked again in some hours
    await system.time.pass(6 * 3_600_000 + 1000);
    await ask();
    expect(await seen()).toMatchObject({ state: 'pending', findings: [], registers: [{ answer: 'none', settled: false }] });
    await asOwner(system, 'delete from other_register');
    register.close();
  });
});
