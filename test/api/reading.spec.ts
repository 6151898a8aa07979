import { AppModule } from '../../src/app/app.module.js';
import { declaredRoutes } from '../../src/app/declared-routes.js';
import { HANDLING, OFFICES, WATCHING, type Office } from '../../src/domain/offices.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

/** Reads that hold no personal data of a student; all others must say whose they are. */
const OF_NO_STUDENT = [
  '/browser-sessions',
  '/calendar/',
  '/change-kinds',
  '/code-sets',
  '/data-checks/rules',
  '/demo',
  '/drafts',
  '/health/',
  '/imports/template',
  '/intakes/roster-template',
  '/joint-programmes',
  '/late-windows',
  '/me',
  '/metrics',
  '/notifications',
  '/office-grants',
  '/operations/',
  '/organisation-changes',
  '/organisations',
  '/policies',
  '/service-accounts',
  '/webhooks',
  '/supervision/bulletin',
  '/supervision/overdue',
  '/supervision/terms',
  '/supervision/urges',
];
/** The tasks of offices that the caller holds, what the caller decided, and the jobs that the caller started. */
const OWN = ['/jobs', '/jobs/{id}', '/jobs/{id}/file', '/tasks', '/tasks/counts'];
/** The feed for subsidies, which reviewers of authorities alone take; each page is on record. */
const TAKEN = ['/subsidies/changes', '/subsidies/students'];
/** Who has read of a student, for administrators and supervisors: no value of the student. */
const RECORDS = ['/students/{id}/access', '/supervision/unmaskings'];
const CASES = [
  '/tasks/{id}/candidates',
  '/change-requests',
  '/change-requests/{id}',
  '/events',
  '/supervision/stale',
  '/tasks/{id}',
  '/tasks/{id}/clock',
];

/**
 * Reads for offices. The stream does not end, and tells what the feed tells (test/events/live.spec.ts). What a student reads of the own
 * dossier is no office's (test/asking).
 */
const reads = declaredRoutes(AppModule).filter(
  ({ method, path, mayCall }) => method === 'GET' && mayCall?.by !== 'student' && !/^\/(health|metrics|verify|events\/stream)/.test(path),
);

describe('who reads what', () => {
  let system: System;
  let story: Story;
  let taskId: string;
  let secrets: Record<string, string>;
  let own: Record<Office, ApiClient>;
  let strangers: ApiClient[];
  beforeAll(async () => {
    system = await startSystem();
    const demo = await Demonstration.of(system);
    story = await Story.transfer(system, demo, acrossCounties(demo), { reason: '父亲工作调动', externalId: 'school-77' });
    taskId = (await story.task()).id;
    const { source, filer, id } = story;
    await filer.post(`/change-requests/${id}/comments`, { comment: '家长来电催促' });
    const [county = '', nation = ''] = [source.parentId, demo.superiors(source).at(-1)?.id].map((one) => one ?? '');
    const at: Record<Office, string> = {
      schoolClerk: source.id,
      schoolReviewer: source.id,
      authorityReviewer: county,
      authoritySupervisor: county,
      orgAdmin: county,
      operator: nation,
    };
    const holding = async (office: Office) => [office, await as(system, demo.holder(at[office], office))] as const;
    own = Object.fromEntries(await Promise.all(OFFICES.map(holding))) as Record<Office, ApiClient>;
    const far = demo.schools().find((one) => demo.at(one, 'city') !== demo.at(source, 'city'));
    strangers = await Promise.all([
      as(system, demo.holder(far?.id ?? '', 'schoolClerk')),
      as(system, demo.holder(far?.parentId ?? '', 'authoritySupervisor')),
    ]);
    const { body: student } = await filer.get<Record<string, string>>(`/students/${story.studentId}`);
    const { body: request } = await filer.get<{ maskedName: string; evidenceIds: string[] }>(`/change-requests/${id}`);
    secrets = {
      name: student.name ?? '',
      birthDate: student.birthDate ?? '',
      studentNumber: student.studentNumber ?? '',
      documentNumber: student.documentNumber ?? '',
      maskedName: request.maskedName,
      evidence: request.evidenceIds[0] ?? '',
      reason: '父亲工作调动',
      comment: '家长来电催促',
      externalId: 'school-77',
    };
  });
  afterAll(() => system?.stop());

  const startsWith = (path: string, ...begins: string[]) => begins.some((one) => path.startsWith(one));
  /** The route about the story, its student, its evidence, its school. */
  function aboutTheStory(path: string): string {
    const [, what = ''] = path.split('/');
    const ids: Record<string, string> = {
      students: story.studentId,
      'change-requests': story.id,
      tasks: taskId,
      evidence: secrets.evidence ?? '',
      schools: story.source.id,
      organisations: story.source.id,
    };
    const term = path.replace('{term}', 'current').replace('{version}', '1').replace('{kind}', 'transfer').replace('{year}', '2026');
    return term.replace(/\{\w+\}/g, ids[what] ?? '0192f5c2-0000-7000-8000-000000000000');
  }
  const ask = async (client: ApiClient, path: string) => {
    const asked = aboutTheStory(path);
    const { status, body } = await client.get<unknown>(asked);
    return { status, text: JSON.stringify(body).replaceAll(asked, '') }; // a problem repeats its address
  };
  const toldIn = (text: string) => Object.keys(secrets).filter((what) => text.includes(secrets[what] ?? '?'));

  it('is declared by each read: contents for those who handle or supervise, how a case stands for operators too', () => {
    const plain = [...OF_NO_STUDENT, ...OWN, ...TAKEN, ...RECORDS];
    for (const { path, mayCall } of reads) {
      if (CASES.includes(path)) expect([path, mayCall]).toEqual([path, { by: 'readers', offices: WATCHING }]);
      else if (plain.includes(path) || startsWith(path, ...OF_NO_STUDENT)) expect([path, mayCall?.by]).not.toEqual([path, 'readers']);
      else expect([path, mayCall]).toEqual([path, { by: 'readers', offices: HANDLING }]);
    }
  });

  it('is refused to all other offices, and tells an operator, an administrator or a stranger nothing of the student', async () => {
    for (const { path, mayCall } of reads) {
      for (const office of OFFICES) {
        const { status, text } = await ask(own[office], path);
        if (mayCall?.by === 'readers') {
          const refused = status === 403 && text.includes('not-your-office');
          expect([path, office, refused]).toEqual([path, office, !mayCall.offices.some((one) => one === office)]);
        }
        const told = toldIn(text).filter((one) => one !== 'evidence' || !RECORDS.includes(path)); // a record of reads names the file by id
        if (office === 'operator' || office === 'orgAdmin') expect([path, office, told]).toEqual([path, office, []]);
      }
      if (path === '/demo') continue;
      // other students are masked alike
      for (const stranger of strangers)
        expect([path, toldIn((await ask(stranger, path)).text).filter((one) => !secrets[one]?.includes('*'))]).toEqual([path, []]);
    }
  });

  it('shows an operator where a case stands: number, kind, holder, deadline, acts, and not what it says', async () => {
    const { body } = await own.operator.get(`/change-requests/${story.id}`);
    expect(body).toMatchObject({ withheld: true, kind: 'transfer', state: 'open', maskedName: '*', details: {}, reason: null });
    expect(body).toMatchObject({ application: null, evidenceIds: [], evidence: [], externalId: null });
    expect(body).toMatchObject({ currentTasks: [{ id: taskId, holder: { id: story.source.id }, overdue: false }] });
    expect(body.timeline.map(({ kind }: { kind: string }) => kind)).toEqual(['filed', 'opened', 'commented']);
    expect((await own.operator.get(`/tasks/${taskId}`)).body).toMatchObject({ id: taskId, maskedName: '*' });
    const { body: list } = await own.operator.get('/change-requests?limit=200');
    expect(list.items.find((one: { id: string }) => one.id === story.id)).toMatchObject({ maskedName: '*', number: body.number });
    const { body: handled } = await own.authorityReviewer.get(`/change-requests/${story.id}`);
    expect(handled).toMatchObject({ withheld: false, reason: '父亲工作调动', maskedName: secrets.maskedName, externalId: 'school-77' });
    expect(handled.timeline.at(-1)).toMatchObject({ comment: '家长来电催促' });
  });

  it('lets no administrator read by standing in for a reviewer', async () => {
    const office = `select person_id, organisation_id from office where office = 'authorityReviewer' and organisation_id = $1 limit 1`;
    await asOwner(
      system,
      `insert into proxy (id, principal_id, proxy_id, office, organisation_id, valid_from, valid_until, created_at)
       select gen_random_uuid(), o.person_id, a.person_id, 'authorityReviewer', o.organisation_id, now() - interval '1 day',
         now() + interval '1 day', now()
       from (${office}) o join office a on a.organisation_id = o.organisation_id and a.office = 'orgAdmin'`,
      [story.source.parentId],
    );
    expect((await own.orgAdmin.get(`/change-requests/${story.id}`)).status).toBe(403);
  });
});
