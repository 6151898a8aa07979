import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { freshNumber, register, somebody } from '../fixtures/registrations.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the registry is asked again before a place is taken (Art 10, R-10)', () => {
  let system: System;
  let demo: Demonstration;
  let here: DemoOrganisation;
  let there: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    [there, here] = acrossProvinces(demo);
  });
  afterAll(() => system?.stop());

  /** A student elsewhere who has had the document of another before: since the filing both say to be one person. */
  async function theSamePersonElsewhere(studentId: string): Promise<string> {
    const other = demo.student(there.id);
    await asOwner(
      system,
      `insert into former_document select $2, document_type, document_cipher, document_index, now() from student where id = $1`,
      [studentId, other],
    );
    return other;
  }

  /** The case parks, until the school there has let its student go. */
  async function goesOnOnceTheOtherHasGone(story: Story, other: string): Promise<void> {
    expect(await story.approveAll()).toMatchObject({ state: 'open', hold: { kind: 'effectParked', cause: 'registered-elsewhere' } });
    const left = await Story.within(system, demo, there, {
      kind: 'withdrawal',
      studentId: other,
      details: { ground: 'ownApplication' },
    });
    expect(await left.approveAll()).toMatchObject({ state: 'approved' });
    await system.time.pass(11 * 60_000);
    const state = () => story.show().then((detail) => detail.state);
    expect(await until(state, (one) => one !== 'open', 'the effect')).toBe('approved');
  }

  it('at a resumption', async () => {
    const studentId = demo.student(here.id, 'suspended');
    const story = await Story.within(system, demo, here, { kind: 'resumption', studentId });
    await goesOnOnceTheOtherHasGone(story, await theSamePersonElsewhere(studentId));
    expect((await story.filer.get(`/students/${studentId}`)).body).toMatchObject({ state: 'active' });
  });

  it('at a transfer from the other track, and not at one that leaves it', async () => {
    const ordinary = demo.schools('ordinary')[0] as DemoOrganisation;
    const story = await Story.crossTrack(system, demo, [ordinary, here]);
    await goesOnOnceTheOtherHasGone(story, await theSamePersonElsewhere(story.studentId));
    const leaving = await Story.crossTrack(system, demo, [here, ordinary]);
    await theSamePersonElsewhere(leaving.studentId);
    expect(await leaving.approveAll()).toMatchObject({ state: 'approved' });
  });

  it('at the final approval of a registration that was held for something else', async () => {
    const birthDate = '2010-04-05';
    const document = { type: 'residentId', number: freshNumber(birthDate, 999) };
    const { body: held } = await register(system, demo, here, somebody({ birthDate, document }));
    const story = await Story.within(system, demo, here, {
      kind: 'registrationException',
      studentId: held.studentId,
      details: { registrationId: held.id, action: 'corroborate', ground: 'ownDocument' },
    });
    await goesOnOnceTheOtherHasGone(story, await theSamePersonElsewhere(held.studentId));
    expect((await story.filer.get(`/registrations/${held.id}`)).body).toMatchObject({ state: 'registered' });
  });

  it('and does not take two persons for one whom a claim told apart', async () => {
    const studentId = demo.student(here.id, 'suspended');
    const other = await theSamePersonElsewhere(studentId);
    const { body: any } = await register(system, demo, here, somebody());
    await asOwner(
      system,
      `insert into duplicate (id, registration_id, held_student_id, other_student_id, other_school_id, types, state, outcome)
       values (gen_random_uuid(), $1, $2, $3, $4, '{documentChanged}', 'settled', 'twoPersons')`,
      [any.id, studentId, other, there.id],
    );
    const story = await Story.within(system, demo, here, { kind: 'resumption', studentId });
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
  });
});
