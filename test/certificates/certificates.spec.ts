import { isCertificateNumber } from '../../src/domain/dossier/certificate-number.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { certificateByNumber, supersedeCertificates } from '../../src/certificates/certificates.store.js';
import { portrait } from '../fixtures/portrait.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ended } from '../fixtures/graduates.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Issued {
  id: string;
  number: string;
  state: string;
  saysSha256: string;
  handedOverOn: string | null;
}
interface Result {
  studentId: string;
  status: number;
  certificate?: Issued;
  problem?: { code: string; blockers?: { code: string; owner: string; remedy: string; item?: string }[] };
}

const GRADUATED = '2026-06-30';

describe('certificates (Art 19–21)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let stranger: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    const [one, other] = withinACounty(demo);
    school = one;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    stranger = await as(system, demo.holder(other.id, 'schoolClerk'));
    await asOwner(system, `update head set held_from = '2000-01-01'`);
  });
  afterAll(() => system?.stop());

  const photograph = async () => clerk.evidence(await portrait(), '照片.jpg');
  const student = async (state: 'graduated' | 'completed' | 'withdrawn' = 'graduated') => {
    const id = demo.student(school.id);
    await ended(system, id, { state, on: GRADUATED });
    return id;
  };
  const issue = async (ids: string[], more: object = {}, by = clerk) =>
    (await by.post<{ items: Result[] }>('/certificates', { kind: 'graduation', studentIds: ids, ...more })).body.items;
  const issued = async (id: string, kind = 'graduation') => {
    const photographs = [{ studentId: id, evidenceId: await photograph() }];
    const [one] = await issue([id], { kind, photographs });
    expect(one).toMatchObject({ status: 200, certificate: { state: 'issued' } });
    return one!.certificate!;
  };

  it('are issued once to who has graduated, with a number of the rule', async () => {
    const id = await student();
    const one = await issued(id);
    expect(isCertificateNumber(one.number)).toBe(true);
    expect(await issue([id])).toMatchObject([{ status: 409, problem: { code: 'certificate-issued' } }]);
    expect((await clerk.get<Issued>(`/certificates/${one.id}`)).body).toMatchObject({ number: one.number, saysSha256: one.saysSha256 });
    expect((await clerk.get<{ items: Issued[] }>(`/certificates?studentId=${id}`)).body.items.map((c) => c.id)).toEqual([one.id]);
    expect(await stranger.get(`/certificates/${one.id}`)).toMatchObject(refused(404, 'not-found'));
  });

  it('name everything that is missing at once, with who clears it and how', async () => {
    const id = demo.student(school.id);
    await asOwner(system, 'update enrolment set major_code = null where student_id = $1', [id]);
    const [one] = await issue([id], { dryRun: true });
    expect(one!.problem!.blockers!.map(({ code }) => code)).toEqual([
      'certificate-state-differs',
      'certificate-major-missing',
      'photograph-missing',
      'leaving-day-missing',
    ]);
    for (const { owner, remedy } of one!.problem!.blockers!) expect([owner, remedy].every(Boolean)).toBe(true);
  });

  it('are not issued with a character that the font lacks, which is named by its code point', async () => {
    const id = await student();
    await asOwner(system, `update enrolment set major_direction = '𠮷方向' where student_id = $1`, [id]);
    const [one] = await issue([id]);
    expect(one!.problem!.blockers).toContainEqual(expect.objectContaining({ code: 'character-not-in-font', item: 'U+20BB7' }));
  });

  it('have numbers that follow one another without a gap or a repetition, however many are issued at once', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => student()));
    const pictured = async (id: string) => ({ photographs: [{ studentId: id, evidenceId: await photograph() }] });
    const asked = [ids[0]!, ...ids].map(async (id) => (await issue([id], await pictured(id)))[0]!);
    const [twice, ...all] = await Promise.all(asked);
    const both = [twice!, all[0]!];
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const numbers = [...both, ...all.slice(1)].flatMap(({ certificate }) => certificate?.number ?? []);
    const sequences = numbers.map((number) => Number(number.slice(11, 18))).sort((a, b) => a - b);
    expect(sequences).toEqual(sequences.map((_, nth) => sequences[0]! + nth));
    expect(sequences).toHaveLength(ids.length);
  });

  it('are voided with a reason before they are handed over, and a right one follows; afterwards neither', async () => {
    const id = await student();
    const misprint = await issued(id);
    expect(await stranger.post(`/certificates/${misprint.id}/voiding`, { reason: '姓名有误' })).toMatchObject(refused(404, 'not-found'));
    expect((await clerk.post<Issued>(`/certificates/${misprint.id}/voiding`, { reason: '专业名称印制有误' })).body.state).toBe('void');
    const right = await issued(id);
    expect(right.number).not.toBe(misprint.number);
    expect(await clerk.post(`/certificates/${right.id}/handing-over`, { on: '2026-06-29' })).toMatchObject(refused(422, 'invalid-input'));
    expect((await clerk.post<Issued>(`/certificates/${right.id}/handing-over`, { on: '2026-07-02' })).body.handedOverOn).toBe('2026-07-02');
    for (const move of ['voiding', 'handing-over'])
      expect(await clerk.post(`/certificates/${right.id}/${move}`, { reason: '遗失补办' })).toMatchObject({ status: expect.any(Number) });
    expect(await clerk.post(`/certificates/${right.id}/voiding`, { reason: '遗失补办' })).toMatchObject(
      refused(409, 'certificate-handed-over'),
    );
  });

  it('of a completion are superseded when the student graduates after all, and the number still tells of it', async () => {
    const id = await student('completed');
    const completion = await issued(id, 'completion');
    const cipher = new FieldCipher(system.config.fieldKey, system.config.indexKey);
    const [{ enrolmentId } = { enrolmentId: '' }] = await asOwner<{ enrolmentId: string }[]>(
      system,
      'select enrolment_id as "enrolmentId" from certificate where id = $1',
      [completion.id],
    );
    await inScope(system.db, 'system', async (tx) => {
      await tx.query('select 1 from student where id = $1 for update', [id]);
      expect(await supersedeCertificates(tx, { clock: system.time, cipher }, enrolmentId, undefined)).toEqual([completion.id]);
    });
    await asOwner(system, `update enrolment set state = 'graduated' where student_id = $1`, [id]);
    await issued(id);
    const found = await inScope(system.db, 'system', (tx) => certificateByNumber(tx, cipher, completion.number));
    expect(found).toMatchObject({ certificateId: completion.id, studentId: id, kind: 'completion', state: 'superseded' });
    expect(found!.says).toMatchObject({ number: completion.number, issuedOn: GRADUATED });
  });
});
