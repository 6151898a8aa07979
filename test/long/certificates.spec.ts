import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import JSZip from 'jszip';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { archiveOfClass } from '../../src/certificates/class-jobs.js';
import { pagesOfCertificate } from '../../src/certificates/pages.js';
import type { CertificateSays } from '../../src/domain/dossier/certificate.js';
import { runJobs } from '../../src/jobs/running-jobs.js';
import { logOf } from '../../src/platform/log.js';
import { certificateByNumber, saysPlace } from '../../src/certificates/certificates.store.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ended } from '../fixtures/graduates.js';
import { asOwner } from '../fixtures/owner.js';
import { linesOfPdf } from '../fixtures/pdf.js';
import { portrait } from '../fixtures/portrait.js';
import { startSystem, type System } from '../fixtures/system.js';

const GRADE = '2001';
const CLASS_SIZE = 100;

const SAYS: CertificateSays = {
  certificateId: 'x',
  kind: 'graduation',
  number: 'B33010620260000001X',
  language: 'zh',
  name: '沈晓岚',
  sex: 'female',
  birthDate: '2008-01-10',
  documentType: 'residentId',
  documentNumber: '330110200801109968',
  studentNumber: 'G330110200801109968',
  enrolledOn: '2023-09-01',
  leftOn: '2026-06-30',
  since: '2026-06-30',
  expectedLeavingOn: '2026-06-30',
  major: '计算机应用',
  majorCode: '710201',
  majorDirection: null,
  lengthYears: 3,
  studyMode: 'fullTime',
  school: { id: 's', code: '330106', name: '杭州市某职业高级中学' },
  issuer: { id: 's', code: '330106', name: '杭州市某职业高级中学' },
  head: '欧阳文华',
  issuedOn: '2026-06-30',
  salt: '',
  verifyAt: 'http://127.0.0.1/verify',
};

describe('the sentence of a certificate, however long', () => {
  it.each([3, 4, 5, 6, 7, 8])('ends in one line with its last words, with a direction of %i characters', async (length) => {
    const pdf = await pagesOfCertificate({ says: { ...SAYS, majorDirection: '方'.repeat(length) } });
    expect(
      linesOfPdf(pdf)
        .flat()
        .find((line) => line.endsWith('业。')),
    ).toMatch(/准予毕业。$/);
  });
});

describe('certificates, many and again', () => {
  let system: System;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let studentId: string;
  let picture: Buffer;
  let issued: { id: string; number: string };
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    const demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    await asOwner(system, `update head set held_from = '2000-01-01'`);
    studentId = demo.student(school.id);
    await ended(system, studentId, { state: 'graduated', on: '2026-06-30' });
    await asOwner(system, 'update enrolment set grade = $2 where student_id = $1', [studentId, GRADE]);
    picture = await portrait();
    const photographs = [{ studentId, evidenceId: await clerk.evidence(picture, '照片.jpg') }];
    const { body } = await clerk.post('/certificates', { kind: 'graduation', studentIds: [studentId], photographs });
    issued = body.items[0].certificate;
  });
  afterAll(() => system?.stop());

  const cipher = () => new FieldCipher(system.config.fieldKey, system.config.indexKey);
  const download = async (of: string) => {
    const answer = await fetch(`${system.url}/api/v1/certificates/${of}`, { headers: { Authorization: `Bearer ${clerk.token}` } });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

  it('are the same bytes from another process, by what they say and their picture alone', async () => {
    const found = await inScope(system.db, 'system', (tx) => certificateByNumber(tx, cipher(), issued.number));
    const [row] = await asOwner<{ id: string; type: string }[]>(
      system,
      'select e.id, e.type from evidence e join certificate c on c.photograph_id = e.id where c.id = $1',
      [issued.id],
    );
    const answer = await fetch(`${system.url}/api/v1/evidence/${row?.id}`, { headers: { Authorization: `Bearer ${clerk.token}` } });
    const photograph = { type: row?.type, content: Buffer.from(await answer.arrayBuffer()).toString('base64') };
    const pages = new URL('../../src/certificates/pages.js', import.meta.url).href;
    const script = `
      import { createHash } from 'node:crypto';
      import { readFileSync } from 'node:fs';
      const { says, photograph: { type, content } } = JSON.parse(readFileSync(0, 'utf8'));
      const { pagesOfCertificate } = await import('${pages}');
      const pdf = await pagesOfCertificate({ says, photograph: { type, content: Buffer.from(content, 'base64') } });
      process.stdout.write(createHash('sha256').update(pdf).digest('hex'));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      input: JSON.stringify({ says: found?.says, photograph }),
      encoding: 'utf8',
      cwd: path.resolve('.'),
      env: { PATH: process.env.PATH, TZ: 'America/New_York' },
    });
    expect([stdout, stderr]).toEqual([sha256(await download(`${issued.id}/pdf`)), '']);
  });

  it('of a large class come whole in one archive, each one once', async () => {
    await asOwner(system, 'drop index certificate_once');
    const found = await inScope(system.db, 'system', (tx) => certificateByNumber(tx, cipher(), issued.number));
    for (let nth = 1; nth < CLASS_SIZE; nth += 1) {
      const id = randomUUID();
      const number = `B${String(nth).padStart(18, '0')}`;
      await asOwner(
        system,
        `insert into certificate select $2::uuid, kind, state, $3, student_id, enrolment_id, school_id, issuer_id, issued_on, $4,
           says_sha256, photograph_id, issued_by, office, issued_at from certificate where id = $1`,
        [issued.id, id, number, cipher().encrypt(JSON.stringify({ ...found?.says, number }), saysPlace(id))],
      );
    }
    const { body: job } = await clerk.post<{ id: string }>('/certificates/archives', {
      kind: 'graduation',
      grade: GRADE,
      schoolId: school.id,
    });
    const { db, time: clock, config } = system;
    const kinds = [archiveOfClass({ db, cipher: cipher(), dataDir: config.dataDir })];
    while (await runJobs({ db, clock, cipher: cipher(), log: logOf('test', 'fatal'), kinds }));
    const answer = await fetch(`${system.url}/api/v1/jobs/${job.id}/file`, { headers: { Authorization: `Bearer ${clerk.token}` } });
    const zip = await JSZip.loadAsync(await answer.arrayBuffer());
    const files = Object.values(zip.files);
    expect(files).toHaveLength(CLASS_SIZE);
    const contents = await Promise.all(files.map((file) => file.async('nodebuffer')));
    expect(contents.every((pdf) => pdf.subarray(0, 5).toString() === '%PDF-')).toBe(true);
    expect(new Set(contents.map(sha256)).size).toBe(CLASS_SIZE);
  });
});
