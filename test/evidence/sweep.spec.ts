import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { inScope } from '../../src/platform/database/in-scope.js';
import { attachable } from '../../src/evidence/attachable.js';
import { FOLDERS, placeOf } from '../../src/evidence/place.js';
import { EvidenceSweep } from '../../src/evidence/sweep.js';
import { logOf } from '../../src/platform/log.js';
import { audited } from '../fixtures/audit.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';
import { pdfSaying } from '../fixtures/a-pdf.js';

const DAY = 24 * 3_600_000;

describe('evidence that was never attached to a request', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false, settings: { EVIDENCE_DAYS: '30' } });
    demo = await Demonstration.of(system);
    school = demo.schools()[0]!;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  });
  afterAll(() => system?.stop());

  const sweep = (size?: number) => {
    const { db, time: clock, config } = system;
    return new EvidenceSweep({ db, clock, log: logOf('test', 'silent'), dataDir: config.dataDir, days: config.evidenceDays }, size);
  };
  const aged = (days: number, ...ids: string[]) =>
    asOwner(system, 'update evidence set uploaded_at = $2 where id = any($1::uuid[])', [ids, new Date(system.time.now() - days * DAY)]);
  const fileOf = (content: string) => placeOf(system.config.dataDir, createHash('sha256').update(content).digest('hex'));
  const status = async (id: string) => (await clerk.get(`/evidence/${id}`)).status;
  const uploaded = async (days: number, content = pdfSaying(randomUUID())) => {
    const id = await clerk.evidence(content);
    await aged(days, id);
    return { id, file: fileOf(content), content };
  };
  const filing = (...evidenceIds: string[]) => ({
    kind: 'suspension',
    studentId: demo.student(school.id),
    reason: '因病',
    evidenceIds,
    details: { ground: 'illness', until: UNTIL },
  });
  // prettier-ignore
  const removed = 'select uploads::int, files::int from evidence_removed';
  const counted = async () => (await asOwner<{ uploads: number; files: number }[]>(system, removed))[0]!;

  describe('while it lies on the disk', () => {
    const operator = () => as(system, 'operator');
    const incidents = async (id: string) =>
      (await (await operator()).get<{ items: { about: string; found: string }[] }>('/operations/incidents')).body.items
        .filter(({ about }) => about === `evidence/${id}`)
        .map(({ found }) => found);
    const faults = async (id: string) => (await audited(system)).problems.filter((problem) => problem.startsWith(`evidence ${id}`));

    it('is encrypted, and open to this account of the machine alone', async () => {
      const { id, file, content } = await uploaded(0);
      expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
      expect(readFileSync(file, 'latin1')).not.toContain('%PDF');
      expect(readFileSync(file).length).toBeGreaterThan(content.length);
      expect([await status(id), await faults(id)]).toEqual([200, []]);
    });

    it.each([
      ['changed', 'evidenceChanged', (file: string, other: string) => writeFileSync(file, readFileSync(other)), 'is not what was uploaded'],
      ['cut', 'evidenceChanged', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 40)), 'is not what was uploaded'],
      ['removed', 'evidenceMissing', (file: string) => rmSync(file), 'is missing'],
    ])('and was %s, is not served, is an incident, and is found by the audit', async (_, found, damage, fault) => {
      const [{ id, file }, other] = [await uploaded(0), await uploaded(0)];
      damage(file, other.file);
      const code = found === 'evidenceMissing' ? 'evidence-file-missing' : 'evidence-file-changed';
      expect(await clerk.get(`/evidence/${id}`)).toMatchObject(refused(409, code));
      expect(await clerk.get(`/evidence/${id}`)).toMatchObject(refused(409, code));
      expect([await incidents(id), await faults(id)]).toEqual([[found], [`evidence ${id}: its file ${fault}`]]);
    });

    it('is not served with another digest than the act that relied on it has', async () => {
      const [relied, other] = [await uploaded(0), await uploaded(0)];
      const { status: filed, body } = await clerk.post<{ id: string }>('/change-requests', filing(relied.id));
      expect(filed).toBe(201);
      await asOwner(system, 'update evidence e set sha256 = o.sha256 from evidence o where e.id = $1 and o.id = $2', [relied.id, other.id]);
      expect(await clerk.get(`/evidence/${relied.id}`)).toMatchObject(refused(409, 'evidence-file-changed'));
      expect(await faults(relied.id)).toEqual([`evidence ${relied.id}: its digest is another; request ${body.id} act 1 relies on it`]);
      await asOwner(system, `update change_request set state = 'rejected', closed_at = now() where id = $1`, [body.id]);
    });
  });

  it('is removed with its file after so many days, not before, and counted', async () => {
    const [young, old] = [await uploaded(29.9), await uploaded(30.1)];
    const before = await counted();
    await sweep().pass();
    expect([await status(young.id), existsSync(young.file)]).toEqual([200, true]);
    expect([await status(old.id), existsSync(old.file)]).toEqual([404, false]);
    expect(await counted()).toEqual({ uploads: before.uploads + 1, files: before.files + 1 });
    expect(await clerk.post('/change-requests', filing(old.id))).toMatchObject(refused(422, 'unknown-evidence'));
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    expect(metrics).toMatch(/^xueji_evidence_removed\{what="uploads"\} 1$/m);
  });

  it('is not what a request, a dossier or a change of an organisation holds, however old', async () => {
    const [filed, supplied, joined, changed] = [await uploaded(400), await uploaded(400), await uploaded(400), await uploaded(400)];
    const { body } = await clerk.post<{ id: string }>('/change-requests', filing(filed.id));
    await asOwner(system, `update change_request set state = 'rejected', closed_at = now(), evidence_ids = evidence_ids || $2::uuid
      where id = $1`, [body.id, supplied.id]); // prettier-ignore
    await asOwner(system, `insert into dossier_evidence select student_id, $2, id, now() from change_request where id = $1`, [
      body.id,
      joined.id,
    ]);
    await asOwner(
      system,
      `insert into organisation_change (id, kind, state, school_id, effective_on, document, evidence_ids, authority_id, started_by,
        started_at, seen_by)
       select gen_random_uuid(), 'closure', 'done', $2, current_date, '{}', array[$1::uuid], $3, p.id, now(), '{}' from (select id
         from person limit 1) p`,
      [changed.id, school.id, school.parentId],
    );
    await sweep().pass();
    for (const { id, file } of [filed, supplied, joined, changed]) {
      expect(await asOwner(system, 'select 1 from evidence where id = $1', [id])).toHaveLength(1);
      expect(existsSync(file)).toBe(true);
    }
  });

  it('leaves its file to another upload of the same content', async () => {
    const content = pdfSaying(randomUUID());
    const [loose, other] = [await uploaded(40, content), await uploaded(1, content)];
    await sweep().pass();
    expect([await status(loose.id), await status(other.id), existsSync(other.file)]).toEqual([404, 200, true]);
  });

  it('is not removed while it is being attached: the filing has it, or is told that it is gone', async () => {
    const old = await uploaded(31);
    // prettier-ignore
    const { id: personId } = (await clerk.get<{ id: string }>('/me')).body;
    const actor = { personId, offices: [{ office: 'schoolClerk', organisationId: school.id }] } as const;
    await inScope(system.db, actor, async (tx) => {
      expect(await attachable(tx, [old.id], [school.id], system.time.now())).toHaveLength(1);
      await sweep().pass();
      expect(await status(old.id)).toBe(200);
    });
    const many = await Promise.all(Array.from({ length: 24 }, () => uploaded(31)));
    const removals = (async () => {
      for (let n = 0; n < 12; n += 1) await sweep(4).uploads();
    })();
    const answers = await Promise.all(many.map(({ id }) => clerk.post('/change-requests', filing(id))));
    await removals;
    for (const [n, { id, file }] of many.entries()) {
      const kept = answers[n]!.status === 201;
      expect(answers[n]).toMatchObject(kept ? { status: 201 } : refused(422, 'unknown-evidence'));
      if (kept) expect([await status(id), existsSync(file)]).toEqual([200, true]);
    }
  });

  it('takes no file from an upload of the same content that comes in that moment', async () => {
    const contents = Array.from({ length: 12 }, () => pdfSaying(randomUUID()));
    for (const content of contents) await uploaded(31, content);
    const removals = (async () => {
      for (let n = 0; n < 12; n += 1) await sweep().uploads();
    })();
    const again = await Promise.all(contents.map((content) => clerk.evidence(content)));
    await removals;
    await sweep().uploads();
    for (const [n, id] of again.entries()) expect([await status(id), existsSync(fileOf(contents[n]!))]).toEqual([200, true]);
  });

  it('has its round of pages, the oldest first, and begins anew', async () => {
    const [first, second, third] = [await uploaded(90), await uploaded(80), await uploaded(70)];
    const pages = sweep(1);
    const left = async () => (await Promise.all([first, second, third].map(({ id }) => status(id)))).filter((one) => one === 200).length;
    await asOwner(
      system,
      'delete from evidence where uploaded_at < $1 and id <> all($2::uuid[]) and id in (select loose_evidence(array[id]))',
      [new Date(system.time.now() - 30 * DAY), [first.id, second.id, third.id]],
    );
    const olderThan = async (days: number) =>
      (await asOwner<unknown[]>(system, 'select 1 from evidence where uploaded_at < $1', [new Date(system.time.now() - days * DAY)]))
        .length;
    for (let held = await olderThan(100); held > 0; held -= 1) await pages.uploads();
    expect(await left()).toBe(3);
    for (const expected of [2, 1, 0]) {
      await pages.uploads();
      expect(await left()).toBe(expected);
    }
    const late = await uploaded(95);
    for (let passes = 2 * (await olderThan(30)) + 1; passes > 0; passes -= 1) await pages.uploads(); // to the end, and from the beginning
    expect(await status(late.id)).toBe(404);
  });

  it('and files that a killed process left without an upload are removed folder by folder, a day later', async () => {
    const left = (age: number) => {
      const file = fileOf(randomUUID());
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, 'left');
      utimesSync(file, new Date(Date.now() - age), new Date(Date.now() - age));
      return file;
    };
    const [old, young, held] = [left(1.1 * DAY), left(0.9 * DAY), await uploaded(1)];
    utimesSync(held.file, new Date(0), new Date(0));
    const sweeping = sweep();
    for (let nth = 0; nth < FOLDERS; nth += 1) await sweeping.leftIn(nth);
    expect([existsSync(old), existsSync(young), existsSync(held.file)]).toEqual([false, true, true]);
  });
});
