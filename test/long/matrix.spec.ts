/** 矩阵 Everybody reads everything: each office, on each route, at each relation to what is read. The writes: test/api/who-may.spec.ts. */
import { castOf, placesOf, type Person } from '../api/who-may/cast.js';
import { ByHand } from '../fixtures/by-hand.js';
import { Declared } from '../api/who-may/declared.js';
import { LISTS, THINGS, type About, type Sees } from '../api/who-may/reads.js';
import { aCertificate } from '../api/who-may/certificate-duties.js';
import { anImport } from '../api/who-may/import-duties.js';
import { drawnUp } from '../api/who-may/graduation-duties.js';
import { anAdmissionList } from '../api/who-may/registration-duties.js';
import { Stage } from '../api/who-may/stage.js';
import { as } from '../fixtures/client.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { somebody } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

/**
 * Answered alike to everybody who is signed in, or with what is the caller's own; other specs hold what each list leaves out. What a
 * student reads of the own dossier is no office's, and what is printed is held where it is printed.
 */
const OF_NOBODY = [
  'admission-lists/template',
  'browser-sessions/oidc',
  'browser-sessions/oidc/callback',
  'browser-sessions/ways',
  'calendar/amendments',
  'calendar/amendments/{id}',
  'calendar/deadline',
  'calendar/{year}',
  'certificates/{id}/pdf',
  'certificates/{id}/signature',
  'change-kinds',
  'change-kinds/{kind}',
  'change-kinds/{kind}/sheet',
  'change-requests/{id}/form',
  'change-requests/{id}/transfer-letter',
  'code-sets',
  'code-sets/{name}',
  'code-sets/{name}/versions',
  'code-sets/{name}/versions/{version}',
  'consultations',
  'data-checks/counts',
  'data-checks/doubts',
  'data-checks/rules',
  'data-checks/statements',
  'demo',
  'drafts',
  'drafts/{id}',
  'events',
  'events/stream',
  'evidence/{id}/thumbnail',
  'filing-notices',
  'imports/template',
  'intakes/roster-template',
  'jobs',
  'jobs/{id}',
  'jobs/{id}/file',
  'me',
  'me/phrases',
  'me/proxies',
  'me/sessions',
  'me/summary',
  'notifications',
  'notifications/preferences',
  'office-grants',
  'operations/incidents',
  'organisations',
  'organisations/{id}',
  'organisations/{id}/majors',
  'own-dossier',
  'own-dossier/certificates/{number}/pdf',
  'own-dossier/queries',
  'policies',
  'policies/schema',
  'statistics/enrolments',
  'statistics/enrolments/file',
  'statistics/movements',
  'statistics/movements/file',
  'statistics/retention',
  'statistics/retention/file',
  'students',
  'students/{id}/record-card',
  'subsidies/changes',
  'subsidies/students',
  'supervision/bulletin',
  'supervision/overdue',
  'supervision/overdue/tasks',
  'supervision/stale',
  'supervision/terms',
  'supervision/unmaskings',
  'supervision/urges',
  'tasks',
  'tasks/counts',
  'tasks/{id}/candidates',
  'webhooks',
];

describe('the matrix of office, read and relation', () => {
  let system: System;
  let about: About;
  let people: Person[];
  let declared: Declared;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', settings: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_AUDIENCE: 'xueji' } });
    await staySignedIn(system);
    system.time.jumpTo('2026-11-30', 9);
    const demo = await Demonstration.of(system);
    const places = placesOf(demo);
    const cast = await castOf(system, demo, places);
    declared = await Declared.of(system);
    const stage = await Stage.set(system, demo, places);
    people = [...cast, ...(await stage.others(cast))];
    const story = await Story.transfer(system, demo, [places.source, places.destination]);
    await new ByHand(system).settle(story.id);
    const clerk = await as(system, demo.holder(places.source.id, 'schoolClerk'));
    const { status, body } = await clerk.post<{ id: string }>('/registrations', { ...somebody(), schoolId: places.source.id });
    expect(status).toBe(201);
    const detail = await story.show();
    about = {
      stage,
      requestId: story.id,
      taskId: detail.currentTasks[0]?.id ?? '',
      studentId: story.studentId,
      evidenceId: detail.evidenceIds[0] ?? '',
      registrationId: body.id,
      admissionListId: await anAdmissionList(stage),
      graduationId: await drawnUp(stage, people[0] as Person),
      certificateId: await aCertificate(stage),
      importId: await anImport(stage),
    };
  }, 120_000);
  afterAll(() => system?.stop());

  it('has a line for every read', async () => {
    const { paths } = (await (await fetch(`${system.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, object>> };
    const reads = Object.entries(paths).flatMap(([path, methods]) => ('get' in methods ? [path.slice('/api/v1/'.length)] : []));
    expect([...Object.keys(THINGS), ...Object.keys(LISTS), ...OF_NOBODY].sort()).toEqual(reads.sort());
  });

  it('shows each thing to those whose it is, refuses whom the route refuses, and is not there for anybody else', async () => {
    const wrong: unknown[] = [];
    for (const [endpoint, { path, sees, knows }] of Object.entries(THINGS)) {
      const seen = new Set<number>();
      for (const caller of people) {
        const { status } = await caller.client.get(path(about));
        const right = knows ? judged(endpoint, caller, { sees, knows }) : expected(endpoint, caller, sees(about, caller) ? 200 : 404);
        seen.add(right);
        if (status !== right) wrong.push({ endpoint, right, status, by: caller.username, offices: inWords(caller) });
      }
      // each thing has somebody who sees it and somebody who does not
      expect([endpoint, seen.has(200), seen.has(404) || seen.has(403)]).toEqual([endpoint, true, true]);
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('lists each thing to those alone who may read it', async () => {
    const wrong: unknown[] = [];
    for (const [endpoint, { path, id, sees }] of Object.entries(LISTS))
      for (const caller of people) {
        const { status, body } = await caller.client.get<{ items?: { id: string }[] }>(path);
        const right = expected(endpoint, caller, 200);
        const listed = body.items?.some((one) => one.id === id(about)) === true;
        if (status !== right || listed !== (right === 200 && sees(about, caller)))
          wrong.push({ endpoint, right, status, listed, by: caller.username, offices: inWords(caller) });
      }
    expect(wrong).toEqual([]);
  }, 240_000);

  function expected(endpoint: string, caller: Person, otherwise: number): number {
    if (caller.disabled) return 401;
    return declared.admits(`get ${endpoint}`, caller) ? otherwise : 403;
  }

  function judged(endpoint: string, caller: Person, { sees, knows }: Record<'sees' | 'knows', Sees>): number {
    if (caller.disabled) return 401;
    if (declared.keepsOut(`get ${endpoint}`, caller)) return 403;
    if (sees(about, caller)) return 200;
    return knows(about, caller) ? 403 : 404;
  }

  const inWords = ({ offices, standsInFor }: Person): string[] => {
    const at = (id: string) => about.stage.demo.organisations.get(id)?.code;
    return [...offices, ...standsInFor].map(({ office, organisationId }) => `${office} at ${at(organisationId)}`);
  };
});
