import { inScope } from '../../src/platform/database/in-scope.js';
import type { PackContent } from '../../src/domain/packs/policy-pack.js';
import { addDays } from '../../src/domain/working-days.js';
import { appointed } from '../fixtures/appointed.js';
import { audited } from '../fixtures/audit.js';
import { as, signIn, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { DOCUMENT, ProvinceOffice } from '../fixtures/packs.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

describe('the policy packs of a province', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let province: string;
  let office: ProvinceOffice;
  let drafter: ApiClient;
  let second: ApiClient;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    school = demo.schools()[0] as DemoOrganisation;
    province = demo.at(school, 'province') as string;
    office = await ProvinceOffice.over(system, demo, school);
    ({ drafter, second } = office);
  });
  afterAll(() => system?.stop());

  const draft = (content: PackContent | object, document: object | undefined = DOCUMENT, by = drafter) =>
    by.post('/policies', { document, content });
  const drafted = (content: PackContent, basedOn?: object) => office.drafted(content, basedOn);
  const activated = (content: PackContent, effectiveFrom?: string) => office.activated(content, effectiveFrom);
  const reasonsOf = (body: { reasons: { code: string; pointer: string }[] }) =>
    body.reasons.map(({ code, pointer }) => `${code} ${pointer}`);
  const suspension = { kind: 'suspension', details: { ground: 'illness', until: UNTIL } };
  const stepsOf = async (story: Story) => (await story.show()).steps.map(({ id }) => id);
  const atHome = (username: string) => as(system, username);

  it('have a schema that anybody signed in may read', async () => {
    const { status, body } = await (await atHome(demo.holder(school.id, 'schoolClerk'))).get('/policies/schema');
    expect([status, Object.keys(body.properties)]).toEqual([200, ['document', 'content']]);
  });

  it('are in force in the demonstration, one a province, put there by two supervisors under a document', async () => {
    const { body } = await drafter.get('/policies?state=activated');
    const packs = body.items.filter(({ organisation }: { organisation: object | null }) => organisation !== null);
    expect(packs).toHaveLength(2);
    for (const pack of packs) {
      expect(pack).toMatchObject({
        version: 1,
        inForce: true,
        effectiveFrom: '2015-03-01',
        document: { filingNumber: expect.any(String) },
      });
      expect(pack.draftedBy.id).not.toBe(pack.activatedBy.id);
    }
  });

  describe('a draft', () => {
    it('says what the province changes, and inherits the rest', async () => {
      const { status, body } = await draft({ limits: { suspensionMonths: 6 } });
      expect(status).toBe(201);
      expect(body).toMatchObject({ state: 'draft', inForce: false, effectiveFrom: null, content: { limits: { suspensionMonths: 6 } } });
      expect(body.whole).toMatchObject({ limits: { suspensionMonths: 6, suspensions: 3, repeatYears: 1 }, remindBefore: [3, 1] });
    });

    it('may be the one that the OpenAPI document shows', async () => {
      const document = (await (await fetch(`${system.url}/openapi.json`)).json()) as {
        paths: Record<string, { post: { requestBody: { content: Record<string, { example: object }> } } }>;
      };
      const example = document.paths['/api/v1/policies']?.post.requestBody.content['application/json']?.example;
      expect((await drafter.post('/policies', { ...example, organisationId: province })).status).toBe(201);
    });

    it('is seen by the people of the province office and by nobody else', async () => {
      const path = await drafted({ remindBefore: [4, 1] });
      const colleague = await atHome(demo.holder(province, 'authorityReviewer'));
      expect((await colleague.get(path)).status).toBe(200);
      const outside = [
        demo.holder(school.id, 'schoolClerk'),
        demo.accounts.find(({ username }) => username === 'supervisor.510000')!.username,
      ];
      for (const username of outside) expect((await (await atHome(username)).get(path)).body.code).toBe('not-found');
      expect((await (await atHome(outside[1] as string)).post(`${path}/preview`)).body.code).toBe('not-found');
    });

    it('is for a supervisor of the province, of no other organisation and in no other office', async () => {
      const others = [demo.holder(province, 'authorityReviewer'), demo.holder(school.parentId as string, 'authoritySupervisor')];
      for (const username of others) expect((await draft({}, DOCUMENT, await atHome(username))).body.code).toBe('not-your-office');
      const elsewhere = demo.accounts.find(({ username }) => username === 'supervisor.510000')!.organisation.id;
      expect((await drafter.post('/policies', { organisationId: elsewhere, document: DOCUMENT, content: {} })).body.code).toBe(
        'not-your-office',
      );
    });

    it('is refused with each reason at once, with pointer, article and words', async () => {
      const kinds = { transfer: { workingDays: { sourceSchool: 15 } }, death: { order: ['school'] }, withdrawal: { leastEvidence: 0 } };
      const content = { kinds, directions: [], mood: 1 };
      const { status, body } = await draft(content, { ...DOCUMENT, date: '2999-01-01' });
      expect([status, body.code]).toEqual([422, 'policy-refused']);
      expect(reasonsOf(body).sort()).toEqual([
        'document-date-impossible /document/date',
        'longer-than-national /content/kinds/transfer/workingDays/sourceSchool',
        'no-direction-left /content/directions',
        'out-of-bounds /content/kinds/withdrawal/leastEvidence',
        'party-left-out /content/kinds/death/order',
        'unknown-key /content/mood',
      ]);
      expect(body.reasons[0]).toMatchObject({ article: expect.stringMatching(/^(Art|A)/), message: expect.stringMatching(/。$/) });
      expect(body.errors).toHaveLength(6);
    });

    it.each([
      ['without its document', undefined, 'document-missing /document'],
      ['without a filing number', { ...DOCUMENT, filingNumber: undefined }, 'document-missing /document/filingNumber'],
    ])('is refused %s (A17)', async (_, document, reason) => {
      const { status, body } = await drafter.post('/policies', { document, content: {} });
      expect([status, body.code, reasonsOf(body)]).toEqual([422, 'policy-refused', [reason]]);
    });

    it('is refused while a step would have no holder: an authority of the province without a reviewer', async () => {
      const county = demo.organisations.get(school.parentId as string) as DemoOrganisation;
      const admin = await atHome(demo.holder(county.parentId as string, 'orgAdmin'));
      const { body: held } = await admin.get(`/organisations/${county.id}/offices`);
      const reviewers = held.filter(({ office }: { office: string }) => office === 'authorityReviewer');
      for (const { id } of reviewers) await admin.post(`/organisations/${county.id}/offices/${id}/end`, { reason: '岗位调整' });
      const { body } = await draft({});
      for (const username of demo.holders(county.id, 'authorityReviewer'))
        await appointed(system, demo, county.id, { username, office: 'authorityReviewer' });
      expect([body.code, body.reasons]).toEqual([
        'policy-refused',
        [expect.objectContaining({ code: 'step-without-holder', pointer: '/content/kinds', detail: county.code })],
      ]);
      expect((await draft({})).status).toBe(201);
    });

    it('may let the source school confirm its decision only where every school has a second reviewer for it', async () => {
      const order = ['sourceSchool', 'destinationSchool', 'sourceReconfirmation', 'sourceAuthority', 'destinationAuthority'];
      const confirmed = () => draft({ kinds: { transfer: { order } } });
      expect((await confirmed()).status).toBe(201);
      const admin = await atHome(demo.holder(school.parentId as string, 'orgAdmin'));
      const { body: held } = await admin.get(`/organisations/${school.id}/offices`);
      const { id, username } = held.find(({ office }: { office: string }) => office === 'schoolReviewer');
      await admin.post(`/organisations/${school.id}/offices/${id}/end`, { reason: '岗位调整' });
      const { body } = await confirmed();
      await appointed(system, demo, school.id, { username, office: 'schoolReviewer' });
      expect(body.reasons).toEqual([
        expect.objectContaining({ code: 'step-without-holder', pointer: '/content/kinds/transfer/order', detail: school.code }),
      ]);
    });
  });

  describe('a preview', () => {
    it('shows the difference key by key, and what the latest cases would have got beside what they had', async () => {
      const story = await Story.within(system, demo, school, suspension);
      const path = await drafted({
        kinds: { suspension: { order: ['school', 'authority', 'superior'], workingDays: { school: 4 }, leastEvidence: 3 } },
        limits: { suspensionMonths: 3 },
      });
      const { status, body } = await drafter.post(`${path}/preview`);
      expect([status, body.reasons]).toEqual([200, []]);
      const by = { proposedBy: { policy: office.versionOf(path), document: DOCUMENT.number }, dropped: false };
      expect(body.differences).toMatchObject([
        {
          pointer: '/kinds/suspension/order',
          inForceBy: { policy: { id: 'national', version: 1 }, organisation: null, document: null },
          ...by,
        },
        { pointer: '/kinds/suspension/workingDays/school', inForce: null, proposed: 4, ...by },
        { pointer: '/kinds/suspension/leastEvidence', inForce: 1, proposed: 3, ...by },
        { pointer: '/limits/suspensionMonths', inForce: 12, proposed: 3, ...by },
      ]);
      expect([body.basedOn, body.stale]).toEqual([body.inForce, false]);
      const found = body.cases.find(({ requestId }: { requestId: string }) => requestId === story.id);
      expect(found).toMatchObject({
        kind: 'suspension',
        differs: true,
        had: { workingDays: 20, blockers: [] },
        would: { workingDays: 24 },
      });
      expect(found.had.steps.map(({ id }: { id: string }) => id)).toEqual(['school', 'authority']);
      expect(found.would.steps.map(({ id, workingDays }: { id: string; workingDays: number }) => [id, workingDays])).toEqual([
        ['school', 4],
        ['authority', 10],
        ['superior', 10],
      ]);
      expect(found.would.latestEndOn > found.had.latestEndOn).toBe(true);
      expect(found.would.blockers.map(({ code }: { code: string }) => code)).toEqual(['suspension-too-long', 'evidence-missing']);
      expect(found.would.blockers[0].sources).toMatchObject([{ setting: '/limits/suspensionMonths', policy: office.versionOf(path) }]);
    });

    it('names no blocker that is no matter of policy: personal values, disputes and programmes are not looked at again', async () => {
      const transfer = await Story.transfer(system, demo, [school, demo.schools()[1] as DemoOrganisation]);
      const correction = await Story.within(system, demo, school, {
        kind: 'infoCorrection',
        details: { changes: { ethnicGroup: '15' }, proofReceivedOn: system.time.today() },
      });
      const { body } = await drafter.post(`${await drafted({})}/preview`);
      const found = body.cases.filter(({ requestId }: { requestId: string }) => [transfer.id, correction.id].includes(requestId));
      expect(found.map(({ would }: { would: { blockers: object[] } }) => would.blockers)).toEqual([[], []]);
    });

    it('knows of the student and the school what a rule that it switches on asks', async () => {
      const small = demo.schools().find(({ parentId, id }) => parentId === school.parentId && id !== school.id) as DemoOrganisation;
      const story = await Story.within(system, demo, small, { kind: 'repeatYear' });
      const content: PackContent = { kinds: { repeatYear: { rules: ['withinRepeatShare'] } }, limits: { repeatSharePercent: 1 } };
      const { body } = await drafter.post(`${await drafted(content)}/preview`);
      const found = body.cases.find(({ requestId }: { requestId: string }) => requestId === story.id);
      expect(found).toMatchObject({ differs: true, would: { blockers: [{ code: 'repeat-share-used-up' }] } });
    });

    it('shows the twenty latest cases of the province at most, and no case of another', async () => {
      const west = demo.schools().find((one) => demo.at(one, 'province') !== province) as DemoOrganisation;
      const other = await Story.transfer(system, demo, [west, school]);
      const path = await drafted({});
      const { body } = await drafter.post(`${path}/preview`);
      expect(body.cases.length).toBeLessThanOrEqual(20);
      expect(body.cases.map(({ requestId }: { requestId: string }) => requestId)).not.toContain(other.id);
    });
  });

  describe('an activation', () => {
    it('is for a second person, and not for a day in the past', async () => {
      const path = await drafted({ remindBefore: [2] });
      const today = system.time.today();
      expect((await drafter.post(`${path}/activation`, { effectiveFrom: today })).body.code).toBe('separation-of-duties');
      expect((await second.post(`${path}/activation`, { effectiveFrom: addDays(today, -1) })).body.code).toBe('effective-date-past');
      const reviewer = await atHome(demo.holder(province, 'authorityReviewer'));
      expect((await reviewer.post(`${path}/activation`, { effectiveFrom: today })).body.code).toBe('not-your-office');
    });

    it('gives new cases the pack from its day on, while a running case keeps the one it was filed under', async () => {
      const running = await Story.within(system, demo, school, suspension);
      const path = await activated({ kinds: { suspension: { order: ['school', 'authority', 'superior'] } } });
      const { body: shown } = await second.get(path);
      expect(shown).toMatchObject({ state: 'activated', inForce: true, effectiveFrom: system.time.today() });

      const later = await Story.within(system, demo, school, suspension);
      expect(await stepsOf(later)).toEqual(['school', 'authority', 'superior']);
      expect(await stepsOf(running)).toEqual(['school', 'authority']);
      const { body: kind } = await later.filer.get('/change-kinds/suspension');
      expect(kind.policy).toEqual({ id: shown.id, version: shown.version });
      expect(kind.steps.map(({ party }: { party: string }) => party)).toEqual(['school', 'authority', 'superior']);
      for (const [story, approvals] of [
        [running, 2],
        [later, 3],
      ] as const) {
        const { state, timeline } = await story.approveAll();
        expect([state, timeline.filter(({ verdict }) => verdict === 'approve').length]).toEqual(['approved', approvals]);
      }
    });

    it('is made once, and one version a day', async () => {
      const day = addDays(system.time.today(), 20);
      const path = await activated({ remindBefore: [3] }, day);
      expect((await second.post(`${path}/activation`, { effectiveFrom: day })).body.code).toBe('policy-not-a-draft');
      const other = await drafted({ remindBefore: [4] });
      expect((await second.post(`${other}/activation`, { effectiveFrom: day })).body.code).toBe('policy-date-taken');
    });
  });

  describe('a revocation', () => {
    it('takes back a draft or a version whose day has not come, and frees its day', async () => {
      const day = addDays(system.time.today(), 40);
      const path = await activated({ remindBefore: [5] }, day);
      const { status, body } = await second.post(`${path}/revocation`, { reason: '重新征求意见' });
      expect([status, body.state, body.revokedBy.displayName]).toEqual([200, 'revoked', expect.any(String)]);
      await activated({ remindBefore: [6] }, day);
      const draftPath = await drafted({ remindBefore: [7] });
      expect((await drafter.post(`${draftPath}/revocation`, { reason: '有误' })).body.state).toBe('revoked');
      expect((await second.post(`${draftPath}/activation`, { effectiveFrom: day })).body.code).toBe('policy-not-a-draft');
    });

    it('comes too late once the version is in effect', async () => {
      const { body } = await second.get(`/policies?organisationId=${province}&state=activated`);
      const inForce = body.items.find((one: { inForce: boolean }) => one.inForce);
      const answer = await second.post(`/policies/${inForce.id}/versions/${inForce.version}/revocation`, { reason: '有误' });
      expect([answer.status, answer.body.code]).toEqual([409, 'policy-in-effect']);
    });
  });

  it('keep each move as an act in a stream of their own, with the person and the whole text of the pack', async () => {
    const day = addDays(system.time.today(), 60);
    const path = await drafted({ remindBefore: [8] }, await office.inForceOn(day));
    expect((await second.post(`${path}/activation`, { effectiveFrom: day })).status).toBe(200);
    const [, , id, , version] = path.split('/');
    const acts = await inScope(system.db, 'system', (tx) =>
      tx.query<{ kind: string; body: Record<string, unknown>; office: string }[]>(
        `select kind, body, office from act where stream = 'policy' and stream_id = $1 and (body->>'version')::int = $2 order by seq`,
        [id, Number(version)],
      ),
    );
    expect(acts.map(({ kind, office }) => [kind, office])).toEqual([
      ['drafted', 'authoritySupervisor'],
      ['activated', 'authoritySupervisor'],
    ]);
    expect(acts[0]?.body).toMatchObject({ document: DOCUMENT, content: { remindBefore: [8] } });
    expect((await audited(system)).problems).toEqual([]);
  });

  it('are unknown by a version that is none', async () => {
    for (const path of ['/policies/national/versions/99', '/policies/national/versions/one', '/policies/nothing/versions/1'])
      expect((await drafter.get(path)).body.code).toBe('not-found');
    expect((await drafter.post('/policies/national/versions/1/activation', { effectiveFrom: '2027-01-01' })).body.code).toBe('not-found');
  });

  it('put into force for a later day leave the present one in force until then', async () => {
    const day = addDays(system.time.today(), 3);
    const today = system.time.today();
    for (const { id, version, effectiveFrom } of await office.decided())
      if (effectiveFrom > today) await second.post(`/policies/${id}/versions/${version}/revocation`, { reason: '重新安排' });
    const path = await activated(
      { kinds: { suspension: { order: ['school', 'authority', 'superior'], workingDays: { school: 2 } } } },
      day,
    );
    const { filer } = await Story.within(system, demo, school, suspension);
    const schoolDays = async (by = filer) => (await by.get('/change-kinds/suspension')).body.steps[0].workingDays;
    expect([(await second.get(path)).body.inForce, await schoolDays()]).toEqual([false, 10]);
    await system.time.passTo(day);
    const again = await signIn(system.url, demo.holder(school.id, 'schoolClerk')); // sessions have ended meanwhile
    expect([(await again.get(path)).body.inForce, await schoolDays(again)]).toEqual([true, 2]);
  });
});
