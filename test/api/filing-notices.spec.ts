import { as, refused, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

interface Notice {
  id: string;
  requestId: string;
  fromSchool: { id: string };
  toProvince: { id: string };
  state: string;
}

describe('the notices of filing 备案 of a cross-province transfer (Art 14, R-17)', () => {
  let system: System;
  let demo: Demonstration;
  let story: Story;
  let province: ApiClient;
  let clerk: ApiClient;
  let notice: Notice;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    story = await Story.transfer(system, demo, acrossProvinces(demo));
    province = await as(system, demo.holder(demo.at(story.destination, 'province') ?? '', 'authorityReviewer'));
    clerk = story.filer;
  });
  afterAll(() => system?.stop());

  const listed = async (client: ApiClient, query = '') =>
    (await client.get<{ items: Notice[] }>(`/filing-notices?limit=200${query}`)).body.items.filter(
      ({ requestId }) => requestId === story.id,
    );
  const act = (by: ApiClient, what: string, body: object = {}) => by.post(`/filing-notices/${notice.id}/${what}`, body);

  it('are recorded when it takes effect, in each school’s name to each province, and wait for nobody', async () => {
    expect(await listed(province)).toEqual([]);
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    const [toUs, ofOurs] = [await listed(province, '&state=recorded'), await listed(clerk)];
    expect(toUs.map(({ fromSchool }) => fromSchool.id).sort()).toEqual([story.source.id, story.destination.id].sort());
    expect(ofOurs.map(({ fromSchool }) => fromSchool.id)).toEqual([story.source.id, story.source.id]);
    notice = toUs.find(({ fromSchool }) => fromSchool.id === story.source.id) as Notice;
  });

  it('get a receipt once, by a reviewer of that province', async () => {
    const stranger = await as(system, demo.holder(withinACounty(demo)[0].parentId ?? '', 'authorityReviewer'));
    const other = await as(system, demo.holder(demo.at(story.source, 'province') ?? '', 'authorityReviewer'));
    expect(await act(stranger, 'receipt')).toMatchObject({ status: 404 });
    expect(await act(other, 'receipt')).toMatchObject({ status: 404 });
    expect(await act(clerk, 'receipt')).toMatchObject(refused(403, 'not-your-office'));
    expect((await act(province, 'receipt')).body).toMatchObject({ state: 'received', receivedAt: expect.any(String) });
    expect(await act(province, 'receipt')).toMatchObject(refused(409, 'notice-received'));
  });

  it('are queried by the province, answered by the school, and each act is in the timeline of a transfer that stands', async () => {
    const telling = new Telling(system);
    expect(await act(clerk, 'answer', { answer: '请说明' })).toMatchObject(refused(409, 'no-query-to-answer'));
    expect(await act(clerk, 'query', { question: '请说明' })).toMatchObject(refused(403, 'not-your-office'));
    expect((await act(province, 'query', { question: '请补报学习形式。' })).body).toMatchObject({
      state: 'queried',
      question: '请补报学习形式。',
    });
    expect(await act(province, 'query', { question: '请说明' })).toMatchObject(refused(409, 'notice-queried'));
    await telling.now();
    expect((await telling.of(clerk, story)).map(({ kind }) => kind)).toContain('noticeQueried');
    expect(await act(province, 'answer', { answer: '请说明' })).toMatchObject(refused(403, 'not-your-office'));
    expect((await act(clerk, 'answer', { answer: '全日制。' })).body).toMatchObject({ state: 'answered', answer: '全日制。' });
    await telling.now();
    expect((await telling.of(province, story)).map(({ kind }) => kind)).toContain('noticeAnswered');
    const { state, timeline } = await story.show();
    expect(state).toBe('approved');
    expect(timeline.slice(-3)).toMatchObject([
      { kind: 'noticeReceived', by: { office: 'authorityReviewer' } },
      { kind: 'noticeQueried', question: '请补报学习形式。' },
      { kind: 'noticeAnswered', opinion: '全日制。', by: { office: 'schoolClerk' } },
    ]);
    expect((await act(province, 'query', { question: '再问' })).body).toMatchObject({ state: 'queried', answer: null });
  });
});
