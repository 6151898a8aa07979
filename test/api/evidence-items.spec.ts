import { ByHand } from '../fixtures/by-hand.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

interface Told {
  allowed: boolean;
  blockers: { code: string; item?: string; message: string; pointer?: string }[];
}

describe('the documents that a province asks for by name', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let evidenceIds: string[];
  let before: string[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    school = demo.schools().find(({ code }) => code.startsWith('51')) as DemoOrganisation;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    evidenceIds = [await clerk.evidence(), await clerk.evidence()];
    before = await missing(suspension({}, 'military'));
    const office = await ProvinceOffice.over(system, demo, school);
    await office.activated({ kinds: { suspension: { evidence: LIST } } });
  });
  afterAll(() => system?.stop());

  const LIST = [
    { id: 'application', zh: '休学申请（监护人签字）', en: 'application signed by the guardian' },
    { id: 'hospitalProof', grounds: ['illness'], zh: '县级以上医院证明', en: 'certificate of a county hospital or above' },
    { id: 'enlistmentNotice', grounds: ['military'], zh: '入伍通知书', en: 'enlistment notice' },
    { zh: '其他证明', en: 'other proof' },
  ];
  const suspension = (more: object = {}, ground = 'illness') => ({
    kind: 'suspension',
    studentId: demo.student(school.id),
    details: { ground, until: UNTIL },
    evidenceIds,
    reason: '休学',
    ...more,
  });
  const told = async (body: object) => (await clerk.post<Told>('/change-requests/precheck', body)).body;
  const missing = async (body: object) => (await told(body)).blockers.map(({ code, item }) => `${code} ${item ?? ''}`.trim());
  const proofs = (...items: string[]) => ({ evidence: items.map((item, i) => ({ id: evidenceIds[i % 2], item })) });

  it('are those of the pack in force: one of the demonstration asks who serves in the army for the notice', () => {
    expect(before).toEqual(['evidence-item-missing enlistmentNotice']);
  });

  it('are listed with the kind, each with the grounds on which it must be there', async () => {
    const { body } = await clerk.get('/change-kinds/suspension');
    expect(body.evidence.items.map(({ id, grounds }: { id: string; grounds: string[] | null }) => [id, grounds])).toEqual([
      ['application', null],
      ['hospitalProof', ['illness']],
      ['enlistmentNotice', ['military']],
    ]);
    expect(body.evidence.documents).toHaveLength(4);
  });

  it('are missed each by its name and by the ground, by precheck and filing alike', async () => {
    expect(await missing(suspension())).toEqual(['evidence-item-missing application', 'evidence-item-missing hospitalProof']);
    expect(await missing(suspension({}, 'military'))).toEqual([
      'evidence-item-missing application',
      'evidence-item-missing enlistmentNotice',
    ]);
    expect(await missing(suspension(proofs('application'), 'family'))).toEqual([]);
    const [first] = (await told(suspension())).blockers;
    expect(first?.message).toBe('缺少规定的证明材料：休学申请（监护人签字）（依据：四川省教育厅示〔2026〕8号）。');
    expect(await clerk.post('/change-requests', suspension(proofs('application')))).toMatchObject({
      status: 422,
      body: { code: 'evidence-item-missing', blockers: [{ item: 'hospitalProof' }], errors: [{ pointer: '/evidence' }] },
    });
  });

  it('are said of files of the filing and of the list alone', async () => {
    const strange = { evidence: [{ id: evidenceIds[0], item: 'diary' }, ...proofs('application', 'hospitalProof').evidence] };
    expect((await told(suspension(strange))).blockers).toMatchObject([{ code: 'unknown-evidence-item', pointer: '/evidence/0/item' }]);
    const elsewhere = suspension({ ...proofs('application', 'hospitalProof'), evidenceIds: [evidenceIds[0], await clerk.evidence()] });
    expect((await told(elsewhere)).blockers).toMatchObject([{ code: 'unknown-evidence-item', pointer: '/evidence/1/id' }]);
    expect(await clerk.post('/change-requests/precheck', suspension({ evidence: [{ id: 'x', item: '' }] }))).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ pointer: '/evidence/0/id' }, { pointer: '/evidence/0/item' }] },
    });
  });

  it('stand with the request in the words of its policy, filed singly or with others', async () => {
    const { status, body } = await clerk.post('/change-requests', suspension(proofs('application', 'hospitalProof')));
    expect(status).toBe(201);
    const shown = (id: string) => clerk.get(`/change-requests/${id}`);
    const expected = [
      { id: evidenceIds[0], item: 'application', title: '休学申请（监护人签字）' },
      { id: evidenceIds[1], item: 'hospitalProof', title: '县级以上医院证明' },
    ];
    expect((await shown(body.id)).body.evidence).toEqual(expected);
    const batch = await clerk.post('/change-requests/batch', {
      kind: 'suspension',
      common: { evidenceIds, reason: '休学', details: { ground: 'illness', until: UNTIL }, ...proofs('application', 'hospitalProof') },
      items: [{ studentId: demo.student(school.id) }, { studentId: demo.student(school.id), ...proofs('application') }],
      mode: 'valid',
    });
    expect(batch.body.items).toMatchObject([{ status: 'filed' }, { status: 'refused', blockers: [{ item: 'hospitalProof' }] }]);
    expect((await shown(batch.body.items[0].requestId)).body.evidence).toEqual(expected);
  });

  it('may be named by a supplement too, of any file of the request', async () => {
    const story = await Story.within(system, demo, school, { ...suspension(proofs('application'), 'family'), evidenceIds });
    const process = new ByHand(system);
    await process.settle(story.id);
    expect((await story.decide('return', { step: 'school', opinion: '请补交医院证明' })).status).toBe(200);
    await process.settle(story.id);
    const [, second = ''] = evidenceIds;
    const supplement = (evidence: object[]) =>
      clerk.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [], evidence, note: '已补' });
    const stranger = await clerk.evidence();
    expect(await supplement([{ id: stranger, item: 'hospitalProof' }])).toMatchObject({
      status: 422,
      body: { code: 'unknown-evidence-item', errors: [{ pointer: '/evidence/0/id' }] },
    });
    expect((await supplement([{ id: second, item: 'hospitalProof' }])).status).toBeLessThan(300);
    const { body } = await clerk.get(`/change-requests/${story.id}`);
    expect(body.evidence.map(({ id, item }: { id: string; item: string }) => [id, item])).toEqual([
      [evidenceIds[0], 'application'],
      [second, 'hospitalProof'],
    ]);
  });

  it('need not be named where no policy asks', async () => {
    const east = demo.schools().find(({ code }) => code.startsWith('33')) as DemoOrganisation;
    const there = await as(system, demo.holder(east.id, 'schoolClerk'));
    const body = suspension({ studentId: demo.student(east.id), evidenceIds: [await there.evidence()] });
    const { status, body: filed } = await there.post('/change-requests', body);
    expect(status).toBe(201);
    expect((await there.get(`/change-requests/${filed.id}`)).body.evidence).toEqual([]);
  });
});
