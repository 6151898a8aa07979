import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { standing } from '../fixtures/process.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

/** What no rule foresees: the database refuses the enrolment of a student for a reason of its own. */
const BREAK = (how: string): string => `
  create or replace function fail_on_purpose() returns trigger language plpgsql as $$ begin ${how}; return new; end $$;
  create trigger fail_on_purpose before insert or update on enrolment for each row execute function fail_on_purpose()`;
const MEND = 'drop trigger fail_on_purpose on enrolment';

describe('a change that fails by our own fault', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const parked = async (how = 'perform 1 / 0'): Promise<Story> => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    await asOwner(system, BREAK(how));
    for (const step of ['sourceSchool', 'destinationSchool', 'sourceAuthority']) await story.decide('approve', { step });
    await until(
      () => story.show(),
      ({ hold }) => hold?.cause === 'internal-error',
      'the case to park',
    );
    return story;
  };
  const parkings = async (story: Story) => (await standing(story)).acts.filter(({ kind }) => kind === 'parked').length;

  it('parks the case with its cause and an incident, once, and takes effect within an hour of being mended', async () => {
    const story = await parked();
    expect(await story.show()).toMatchObject({ state: 'open', hold: { kind: 'effectParked', cause: 'internal-error' } });
    const { body } = await (await as(system, 'operator')).get('/operations/incidents');
    expect(body.items).toMatchObject([{ requestId: story.id, found: 'internalError' }]);
    await system.time.pass(61 * 60_000);
    expect(await parkings(story)).toBe(1);
    await asOwner(system, MEND);
    await system.time.pass(61 * 60_000);
    await until(
      () => story.show(),
      ({ state }) => state === 'approved',
      'the change to take effect',
    );
    expect(await parkings(story)).toBe(1);
  });

  it.each([
    ['a statement that takes too long', '57014'],
    ['an internal error of the database', 'XX000'],
  ])('parks all the same when it is %s, time and again: that is no outage, which would be retried for ever', async (_, code) => {
    const story = await parked(`raise exception using errcode = '${code}'`);
    expect(await story.show()).toMatchObject({ state: 'open', hold: { kind: 'effectParked', cause: 'internal-error' } });
    const { body } = await (await as(system, 'operator')).get('/operations/incidents');
    expect(body.items).toContainEqual(expect.objectContaining({ requestId: story.id, found: 'internalError' }));
    await asOwner(system, MEND);
  });

  it('tells the filer, who decided last and the operators why, whose it is and what helps; is counted; and may be recalled', async () => {
    const story = await parked();
    const telling = new Telling(system);
    await telling.now();
    const told = async (client: ApiClient) => (await telling.of(client, story)).filter(({ kind }) => /parked/i.test(kind));
    const decider = await as(system, demo.holder(story.source.parentId ?? '', 'authorityReviewer'));
    const hold = {
      kind: 'effectParked',
      cause: 'internal-error',
      message: expect.stringContaining('系统故障'),
      owner: 'operator',
      remedy: expect.stringContaining('撤回'),
    };
    expect(await told(story.filer)).toMatchObject([{ kind: 'requestParked', hold }]);
    expect(await told(decider)).toMatchObject([{ kind: 'decidedParked', hold }]);
    expect(await told(await as(system, 'operator'))).toMatchObject([{ kind: 'parkedForOperator', office: 'operator', hold }]);
    expect(await told(await as(system, demo.holder(story.source.id, 'schoolReviewer')))).toEqual([]);
    expect(await story.show()).toMatchObject({ hold });
    await system.time.pass(60_000);
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    expect(metrics).toMatch(/^xueji_held_requests\{kind="effectParked",cause="internal-error",age="under 1 h"\} \d+$/m);
    expect((await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '不再需要' })).status).toBe(200);
    expect((await story.settled()).state).toBe('recalled');
    await asOwner(system, MEND);
  });

  it('is tried at once when an operator asks for it', async () => {
    const story = await parked();
    await asOwner(system, MEND);
    const retried = await (await as(system, 'operator')).post(`/change-requests/${story.id}/retry`, { reason: '已修复' });
    expect(retried.status).toBe(200);
    await until(
      () => story.show(),
      ({ state }) => state === 'approved',
      'the change to take effect',
    );
  });
});
