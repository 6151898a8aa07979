import type { Activities } from '../../activities/index.js';
import { NOTHING_SEEN, type Seen } from '../../activities/reading.js';
import { acrossProvinces, Demonstration } from '../fixtures/demonstration.js';
import { Dispute } from '../fixtures/disputes.js';
import { asOwner } from '../fixtures/owner.js';
import { activitiesOf } from '../fixtures/process.js';
import type { Registered } from '../fixtures/registrations.js';
import type { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

const TABLES = ['act', 'act_text', 'task', 'change_request', 'enrolment', 'enrolment_version', 'student', 'registration', 'duplicate'];
const FINGERPRINT = [...TABLES, 'dossier_evidence', 'former_document']
  .map((table) => `select '${table}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as md5 from ${table} t`)
  .join(' union all ');

describe('what settles a duplicate may run twice, at the same time (invariant 7)', () => {
  let system: System;
  let activities: Activities;
  let matter: Dispute;
  let b: Story;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    activities = activitiesOf(system);
    const demo = await Demonstration.of(system);
    matter = await Dispute.between(system, demo, acrossProvinces(demo));
    b = await matter.claim('B');
  });
  afterAll(() => system?.stop());

  const fingerprint = () => asOwner(system, FINGERPRINT);
  const seenOf = async ({ id }: Story): Promise<Seen> => (await activities.readActs({ requestId: id, seen: NOTHING_SEEN })).seen;
  const registration = async (): Promise<Registered> => matter.registration();
  const open = (kind: string) =>
    asOwner<{ id: string }[]>(system, `select id from change_request where kind = $1 and state = 'open' order by filed_at`, [kind]);

  async function decided(story: Story, steps: readonly string[], data?: object): Promise<void> {
    for (const step of steps) {
      const visit = (await story.show()).steps.find(({ id }) => id === step)?.visit ?? 1;
      await activities.openTask({ requestId: story.id, seen: await seenOf(story), step, visit, supplement: false });
      expect((await story.decide('approve', { step, data })).status).toBe(200);
    }
  }

  async function applyTwice(story: Story): Promise<void> {
    const ask = { requestId: story.id, seen: await seenOf(story) };
    await Promise.all([activities.applyChange(ask), activities.applyChange(ask)]);
    const once = await fingerprint();
    await activities.applyChange(ask);
    await activities.applyChange({ ...ask, seen: await seenOf(story) });
    expect(await fingerprint()).toEqual(once);
  }

  it('asks the other side once', async () => {
    await decided(b, ['school', 'authority']);
    await applyTwice(b);
    expect(await open('registrationException')).toHaveLength(2);
  });

  it('opens one ruling, also when both claims take effect at the same time', async () => {
    const [, counter] = await open('registrationException');
    const a = b.later(counter?.id ?? '', b.filer);
    const clerk = a.later(a.id, await matter.claimant('A'));
    await activities.openTask({ requestId: clerk.id, seen: await seenOf(clerk), step: 'school', visit: 1, supplement: true });
    await matter.handIn(clerk);
    await decided(clerk, ['school', 'authority']);
    const [askA, askB] = [
      { requestId: a.id, seen: await seenOf(a) },
      { requestId: b.id, seen: await seenOf(b) },
    ];
    await Promise.all([activities.applyChange(askA), activities.applyChange(askB)]);
    expect(await open('duplicateRuling')).toHaveLength(1);
    await applyTwice(a);
    await applyTwice(b);
    expect(await open('registrationException')).toHaveLength(0);
  });

  it('carries the ruling out once', async () => {
    const [opened] = await open('duplicateRuling');
    const ruling = b.later(opened?.id ?? '', b.filer);
    await decided(ruling, ['superior'], { ruling: 'keepB' });
    await applyTwice(ruling);
    expect(await registration()).toMatchObject({ state: 'registered', duplicates: [{ outcome: 'keepB' }] });
  });
});
