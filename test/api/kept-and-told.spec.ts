import { randomUUID } from 'node:crypto';
import { demoHeads } from '../../src/demo/heads.js';
import { demoPeople } from '../../src/demo/people.js';
import { demoStudents } from '../../src/demo/students.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { ACT_KINDS } from '../../src/domain/case/act-kinds.js';
import { addDays } from '../../src/domain/working-days.js';
import { eventsAfter } from '../../src/events/events.store.js';
import { relayActs } from '../../src/events/relay.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, type Answer, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { register, somebody } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

/** What people write in the tale. */
const TEXTS = {
  reason: '随父母迁居外地',
  opinion: '经核实同意办理',
  missing: '缺户口簿复印件',
  note: '户口簿已经补交',
  question: '是否属实请函复',
  answer: '情况属实无异议',
  comment: '此件请从速研处',
  objection: '本人不愿离校就读',
  urge: '请说明逾期缘由',
  renamed: '欧阳远舟',
};

/**
 * A tale of many kinds and moves, and what it leaves where it is not sealed: neither a replayed key's answer nor the feed tells anything
 * personal.
 */
describe('a tale of many kinds', () => {
  let system: System;
  let demo: Demonstration;
  let process: ByHand;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  const replays: { again: () => Promise<Answer>; first: Answer }[] = [];
  let secret: string;
  let person: Record<string, unknown>;

  /** A keyed POST that must be accepted, and that the end of the tale repeats. */
  async function kept<T = Record<string, unknown>>(client: ApiClient, path: string, body: object = {}): Promise<T> {
    const key = randomUUID();
    const first = await client.post(path, body, key);
    if (first.status >= 300) throw new Error(`${path}: ${JSON.stringify(first.body)}`);
    replays.push({ first, again: () => client.post(path, body, key) });
    return first.body as T;
  }
  const idOf = async (client: ApiClient) => (await client.get<{ id: string }>('/me')).body.id;
  const told = async (story: Story) => (await process.settle(story.id), story.task());

  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    process = new ByHand(system);
    [source, destination] = acrossCounties(demo);
    await registrationAndWebhook();
    await transferWithEveryMove();
    for (const [kind, details] of Object.entries({
      withdrawal: { ground: 'ownApplication' },
      repeatYear: {},
      death: { diedOn: '2026-10-01' },
    })) {
      const story = await Story.within(system, demo, source, { kind, details, reason: TEXTS.reason });
      await told(story);
      await kept(story.filer, `/change-requests/${story.id}/recall`, { reason: TEXTS.reason });
      await process.settle(story.id);
    }
    const details = { changes: { name: TEXTS.renamed }, proofReceivedOn: system.time.today() };
    await told(await Story.within(system, demo, source, { kind: 'infoCorrection', details, reason: TEXTS.reason }));
    while (await relayActs(system.db));
  });
  afterAll(() => system?.stop());

  async function registrationAndWebhook(): Promise<void> {
    person = somebody({ name: '上官云岫' });
    const { status } = await register(system, demo, source, person);
    expect(status).toBe(201);
    const admin = await as(system, demo.holder(source.parentId as string, 'orgAdmin'));
    ({ secret } = await kept<{ secret: string }>(admin, '/webhooks', { organisationId: source.id, url: 'https://school.example.cn/hook' }));
  }

  async function transferWithEveryMove(): Promise<void> {
    const story = await Story.transfer(system, demo, [source, destination], { reason: TEXTS.reason });
    let task = await told(story);
    const [one, other] = [await story.reviewer(task), await story.reviewer(task, 1)];
    await kept(one, `/tasks/${task.id}/claim`);
    await kept(one, `/tasks/${task.id}/delegation`, { to: await idOf(other), question: TEXTS.question });
    await kept(other, `/tasks/${task.id}/delegation/answer`, { answer: TEXTS.answer });
    const asked = { organisationId: destination.parentId, question: TEXTS.question, dueDate: addDays(system.time.today(), 3) };
    const { id } = await kept<{ id: string }>(one, `/tasks/${task.id}/consultations`, asked);
    const asksBack = await as(system, demo.holder(destination.parentId as string, 'authorityReviewer'));
    await kept(asksBack, `/consultations/${id}/answer`, { answer: TEXTS.answer });
    await kept(one, `/change-requests/${story.id}/comments`, { comment: TEXTS.comment, mentions: [await idOf(other)] });
    await kept(story.filer, `/change-requests/${story.id}/objections`, { objector: 'guardian', objection: TEXTS.objection });
    await kept(story.filer, `/change-requests/${story.id}/urge`);
    await kept(one, `/tasks/${task.id}/decision`, { verdict: 'return', opinion: TEXTS.missing, version: (await story.task()).version });
    await told(story);
    const evidenceIds = [await story.filer.evidence()];
    await kept(story.filer, `/change-requests/${story.id}/supplement`, { evidenceIds, note: TEXTS.note });
    task = await told(story);
    system.time.jumpTo(addDays(task.dueDate, 7), 11);
    await process.settle(story.id);
    const supervisor = await as(system, demo.holder(source.parentId as string, 'authoritySupervisor'));
    await kept(supervisor, `/tasks/${task.id}/urge`, { answerBy: addDays(system.time.today(), 2), note: TEXTS.urge });
    await kept(one, `/tasks/${task.id}/urge/answer`, { answer: TEXTS.answer });
    await kept(one, `/tasks/${task.id}/reassignment`, { to: await idOf(other), reason: TEXTS.reason });
    await kept(other, `/tasks/${task.id}/decision`, { verdict: 'approve', opinion: TEXTS.opinion, version: (await story.task()).version });
    const operator = await as(system, 'operator');
    await kept(operator, `/change-requests/${story.id}/pause`, { cause: 'courtOrder', reason: TEXTS.reason });
    await kept(operator, `/change-requests/${story.id}/continuation`, { reason: TEXTS.reason });
    await process.settle(story.id);
    await kept(operator, `/change-requests/${story.id}/cancellation`, { reason: TEXTS.reason });
    await process.settle(story.id);
  }

  const personal = () => [
    ...demoStudents().flatMap(({ name, number, document, birthDate }) => [name, number, document.number, birthDate]),
    ...[...demoPeople(), ...demoHeads()].map(({ displayName }) => displayName),
    ...[person.name, person.birthDate, (person.document as { number: string }).number].map(String),
    ...Object.values(TEXTS),
  ];
  const foundIn = (text: string): string[] => [...new Set(personal())].filter((value) => text.includes(value));

  it('keeps the answers of keys sealed: no row of their table has a secret, a particular or a text in it, in whatever column', async () => {
    const rows = await asOwner<Record<string, unknown>[]>(system, 'select * from idempotency');
    expect(rows.length).toBeGreaterThan(replays.length);
    const columns = rows.flatMap((row) => Object.values(row));
    const laidOpen = columns.map((value) => (Buffer.isBuffer(value) ? value.toString('utf8') : JSON.stringify(value))).join('\n');
    expect(foundIn(laidOpen)).toEqual([]);
    expect(laidOpen).not.toContain(secret);
    expect(rows.every(({ answer }) => Buffer.isBuffer(answer) && answer.length > 29)).toBe(true);
  });

  it('and answers every one of them again as it did the first time', async () => {
    for (const { again, first } of replays) {
      const { secret: shown, ...rest } = first.body as { secret?: string };
      const once = shown === undefined ? rest : { ...rest, secret: null, shownBefore: true };
      expect(await again()).toEqual({ ...first, body: Array.isArray(first.body) ? first.body : once }); // but for a secret, shown once
    }
    expect(foundIn(replays.map(({ first }) => JSON.stringify(first.body)).join())).not.toEqual([]); // there was something to seal
  });

  it('does not act again for a key whose answer was dropped when answers began to be sealed', async () => {
    const [{ again }] = replays as [(typeof replays)[number]];
    const [row] = await asOwner<{ answer: Buffer; key: string }[]>(
      system,
      'select key, answer from idempotency where length(answer) > 29 order by created_at limit 1',
    );
    await asOwner(system, `update idempotency set answer = ''`);
    expect(await again()).toMatchObject({ status: 409, body: { code: 'answer-not-kept' } });
    expect(row).toBeDefined();
  });

  it('is told in the feed of events with ids, codes and dates only', async () => {
    const all = await asOwner<{ id: string }[]>(system, 'select id from organisation');
    const { items } = await inScope(system.db, 'system', (tx) =>
      eventsAfter(
        tx,
        all.map(({ id }) => id),
        { after: '0', limit: 10_000 },
      ),
    );
    const acts = new Set(items.map(({ act }) => act));
    expect([...acts]).toEqual(
      expect.arrayContaining(['filed', 'opened', 'decided', 'supplemented', 'reassigned', 'escalated', 'held', 'recalled', 'cancelled']),
    );
    expect([...acts]).toEqual(
      expect.arrayContaining([
        'claimed',
        'delegated',
        'delegationEnded',
        'consulted',
        'consultationAnswered',
        'urged',
        'urgeAnswered',
        'commented',
        'objected',
      ]),
    );
    expect([...acts].filter((act) => !(ACT_KINDS as readonly string[]).includes(act))).toEqual([]);
    expect(foundIn(JSON.stringify(items))).toEqual([]);
    expect(JSON.stringify(items)).not.toMatch(/(?<![0-9A-Za-z])[1-8]\d{5}(19|20)\d{9}[\dX](?![0-9A-Za-z])/);
  });

  it('may be limited by a webhook to any kind of act', async () => {
    const admin = await as(system, demo.holder(source.parentId as string, 'orgAdmin'));
    const added = { organisationId: source.id, url: 'https://school.example.cn/other', kinds: [...ACT_KINDS] };
    expect((await admin.post('/webhooks', added)).status).toBe(201);
    expect((await admin.post('/webhooks', { ...added, kinds: ['weather'] })).body.code).toBe('invalid-input');
  });
});
