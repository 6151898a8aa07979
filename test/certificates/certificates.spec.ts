import { verify } from 'node:crypto';
import { statSync } from 'node:fs';
import JSZip from 'jszip';
import { isCertificateNumber } from '../../src/domain/dossier/certificate-number.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { certificateByNumber, supersedeCertificates } from '../../src/certificates/certificates.store.js';
import { archiveOfClass, issuingOfClass } from '../../src/certificates/class-jobs.js';
import { recordFacts } from '../../src/dossier/personal.store.js';
import { runJobs } from '../../src/jobs/running-jobs.js';
import { logOf } from '../../src/platform/log.js';
import { portrait } from '../fixtures/portrait.js';
import { asStudent } from '../fixtures/asking.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ended } from '../fixtures/graduates.js';
import { asOwner } from '../fixtures/owner.js';
import { fontsOfPdf, linesOfPdf } from '../fixtures/pdf.js';
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
    expect(await clerk.post(`/certificates/${right.id}/handing-over`)).toMatchObject(refused(409, 'certificate-handed-over'));
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

  const pdfOf = async (id: string, by = clerk) => {
    const answer = await fetch(`${system.url}/api/v1/certificates/${id}/pdf`, { headers: { Authorization: `Bearer ${by.token}` } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    return Buffer.from(await answer.arrayBuffer());
  };
  const saidIn = (pdf: Buffer) => linesOfPdf(pdf).flat().join('');

  it('are the same bytes each time, whatever is corrected later, and say all that Art 19 asks for', async () => {
    const id = await student();
    const one = await issued(id);
    const first = await pdfOf(one.id);
    await asOwner(system, `update enrolment set major_direction = '别的', study_mode = 'partTime' where student_id = $1`, [id]);
    await asOwner(system, `update organisation set name = name || '（更名）' where id = $1`, [school.id]);
    expect((await pdfOf(one.id)).equals(first)).toBe(true);
    await asOwner(system, `update organisation set name = $2 where id = $1`, [school.id, school.name]);
    expect(fontsOfPdf(first).every(({ embedded }) => embedded)).toBe(true);
    expect(linesOfPdf(first)).toHaveLength(1);
    const said = saidIn(first);
    for (const part of ['毕业证书', one.number, school.name, '二〇二六年六月三十日', '准予毕业', '全日制', '校长'])
      expect(said).toContain(part);
    expect(await stranger.get(`/certificates/${one.id}/pdf`)).toMatchObject(refused(404, 'not-found'));
    const reads = await asOwner<unknown[]>(system, `select 1 from dossier_access where student_id = $1 and what = 'certificate'`, [id]);
    expect(reads).toHaveLength(2);
  });

  it('are the same bytes for the student who holds one, by its number; another number is none of theirs', async () => {
    const [id, other] = [await student(), await student()];
    const [one, theirs] = [await issued(id), await issued(other)];
    const own = await asStudent(system, clerk, id);
    const ask = (number: string) =>
      fetch(`${system.url}/api/v1/own-dossier/certificates/${number}/pdf`, { headers: { Authorization: `Bearer ${own.token}` } });
    const answer = await ask(one.number);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(Buffer.from(await answer.arrayBuffer()).equals(await pdfOf(one.id))).toBe(true);
    expect((await ask(theirs.number)).status).toBe(404);
    await clerk.post(`/certificates/${one.id}/voiding`, { reason: '照片有误' });
    expect(await (await ask(one.number)).json()).toMatchObject({ code: 'certificate-not-in-force' });
  });

  it('are signed over the bytes of the PDF by a key that lies outside the database', async () => {
    const one = await issued(await student());
    const { body } = await clerk.get<{ signature: string; publicKey: string; sha256: string }>(`/certificates/${one.id}/signature`);
    const pdf = await pdfOf(one.id);
    expect(verify(null, pdf, body.publicKey, Buffer.from(body.signature, 'base64'))).toBe(true);
    expect(verify(null, Buffer.concat([pdf, Buffer.from(' ')]), body.publicKey, Buffer.from(body.signature, 'base64'))).toBe(false);
    expect(statSync(system.config.certificateKeyFile).mode & 0o077).toBe(0);
  });

  it('that are lost are attested by the authority on a declaration of loss, for graduates, with what the lost one said', async () => {
    const reviewer = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    const loss = { declaredOn: '2026-07-05', statement: '本人不慎遗失毕业证书，声明作废' };
    const attest = (id: string, by = reviewer, more: object = { loss }) =>
      by.post<Issued>(`/students/${id}/attestations`, { kind: 'attestation', ...more });
    const id = await student();
    const lost = await issued(id);
    expect(await attest(id)).toMatchObject(refused(409, 'certificate-not-handed-over'));
    await clerk.post(`/certificates/${lost.id}/handing-over`, { on: GRADUATED });
    expect(await attest(id, reviewer, {})).toMatchObject(refused(422, 'loss-not-declared'));
    expect(await attest(id, clerk)).toMatchObject(refused(403, 'not-your-office'));
    const { status, body } = await attest(id);
    expect([status, body.state]).toEqual([201, 'issued']);
    expect(await attest(id)).toMatchObject(refused(409, 'certificate-issued'));
    const said = saidIn(await pdfOf(body.id));
    for (const part of ['学历证明书', lost.number, school.name, '同等效力']) expect(said).toContain(part);
    expect(await attest(await student('completed'))).toMatchObject(refused(409, 'certificate-state-differs'));
  });

  it('tell of who studies in Chinese and English, as often as asked, and of who left after a year or more', async () => {
    const letter = (id: string, body: object) => clerk.post<Issued>(`/students/${id}/attestations`, body);
    const id = demo.student(school.id);
    for (const [language, says] of Object.entries({ zh: '在读学生', en: 'isastudentof' })) {
      const { status, body } = await letter(id, { kind: 'studying', language });
      expect(status).toBe(201);
      expect(saidIn(await pdfOf(body.id))).toContain(says);
    }
    const left = await student('withdrawn');
    await asOwner(system, `update enrolment set enrolled_on = '2025-07-01' where student_id = $1`, [left]);
    expect(await letter(left, { kind: 'partialStudy' })).toMatchObject(refused(409, 'studied-too-briefly'));
    await asOwner(system, `update enrolment set enrolled_on = '2025-06-30' where student_id = $1`, [left]);
    expect((await letter(left, { kind: 'partialStudy' })).status).toBe(201);
  });

  /** Does what the worker does. */
  const done = async (jobId: string) => {
    const cipher = new FieldCipher(system.config.fieldKey, system.config.indexKey);
    const { db, time: clock, config } = system;
    const kinds = [issuingOfClass({ clock, cipher, publicUrl: config.publicUrl }), archiveOfClass({ db, cipher, dataDir: config.dataDir })];
    while (await runJobs({ db, clock, cipher, log: logOf('test', 'fatal'), kinds }));
    return (await clerk.get<{ id: string; state: string; faults: { pointer: string; code: string }[] }>(`/jobs/${jobId}`)).body;
  };

  it('are issued to a whole class as one job; who lacks something is named with all of it, and the others have theirs', async () => {
    const ids = [await student(), await student()];
    await asOwner(system, `update enrolment set grade = '2002' where student_id = any($1)`, [ids]);
    const [first = '', second = ''] = ids;
    const cipher = new FieldCipher(system.config.fieldKey, system.config.indexKey);
    const facts = { photograph: await photograph() };
    await inScope(system.db, 'system', (tx) => recordFacts(tx, cipher, first, facts, { validFrom: '2026-01-01', at: new Date(0) }));
    await asOwner(system, `update enrolment set major_code = null where student_id = $1`, [second]);
    const whole = { kind: 'graduation', schoolId: school.id, grade: '2002' };
    expect(await stranger.post('/certificates/issuances', whole)).toMatchObject(refused(403, 'not-your-office'));
    const started = await clerk.post<{ id: string }>('/certificates/issuances', whole);
    expect(started.status).toBe(202);
    const job = await done(started.body.id);
    expect(job).toMatchObject({ state: 'done', result: { issued: 1, refused: 1 } });
    expect(job.faults.map(({ pointer, code }) => [pointer, code])).toEqual([
      [`/students/${second}`, 'certificate-major-missing'],
      [`/students/${second}`, 'photograph-missing'],
    ]);
    expect((await clerk.get<{ items: Issued[] }>(`/certificates?studentId=${first}`)).body.items).toMatchObject([{ state: 'issued' }]);
  });

  it('of a class come as one archive, for the own school, and on record for each student', async () => {
    const ids = [await student(), await student(), await student()];
    await asOwner(system, `update enrolment set grade = '2001', class_name = '毕业班' where student_id = any($1)`, [ids]);
    const ofClass = { schoolId: school.id, grade: '2001' };
    const photographs = await Promise.all(ids.map(async (studentId) => ({ studentId, evidenceId: await photograph() })));
    const { body } = await clerk.post<{ items: Result[]; left: number }>('/certificates', { kind: 'graduation', ofClass, photographs });
    expect([body.items.map(({ status }) => status), body.left]).toEqual([[200, 200, 200], 0]);
    const archive = { kind: 'graduation', ...ofClass };
    expect(await stranger.post('/certificates/archives', archive)).toMatchObject(refused(403, 'not-your-office'));
    expect(await clerk.post('/certificates/archives', { ...archive, className: 'none' })).toMatchObject(refused(404, 'not-found'));
    const job = await done((await clerk.post<{ id: string }>('/certificates/archives', archive)).body.id);
    expect(job).toMatchObject({ state: 'done', progress: 1, result: { printed: 3 } });
    const answer = await fetch(`${system.url}/api/v1/jobs/${job.id}/file`, { headers: { Authorization: `Bearer ${clerk.token}` } });
    const zip = await JSZip.loadAsync(await answer.arrayBuffer());
    expect(Object.keys(zip.files)).toEqual(body.items.map(({ certificate }) => `${certificate!.number}.pdf`).sort());
    const { id, number } = body.items[1]!.certificate!;
    expect((await zip.file(`${number}.pdf`)!.async('nodebuffer')).equals(await pdfOf(id))).toBe(true);
    const reads = await asOwner<unknown[]>(system, `select 1 from dossier_access where student_id = any($1) and what = 'export'`, [ids]);
    expect(reads).toHaveLength(3);
  });

  it('have beside them the record card of a student, for who handles the student, with boxes for seals (R-02)', async () => {
    const id = demo.student(school.id);
    const path = `/students/${id}/record-card`;
    const answer = await fetch(`${system.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${clerk.token}` } });
    expect(answer.status).toBe(200);
    const said = saidIn(Buffer.from(await answer.arrayBuffer()));
    for (const part of ['学生学籍卡', '学籍号', school.name.slice(0, 8), '在读', '盖章']) expect(said).toContain(part);
    expect(await stranger.get(path)).toMatchObject(refused(404, 'not-found'));
    const [province] = demo.superiors(school).filter(({ level }) => level === 'province');
    const above = await as(system, demo.holder(province!.id, 'authorityReviewer'));
    expect(await above.get(path)).toMatchObject(refused(403, 'not-your-office'));
  });
});
