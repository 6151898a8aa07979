import { monthsLater } from '../../src/domain/working-days.js';
import { as } from '../fixtures/client.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the placement of a transfer', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const refused = (status: number, code: string) => ({ status, body: { code } });

  it('is in a year of intake near the present one, with which the student leaves, and in a major that there is', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const before = (await story.filer.get(`/students/${story.studentId}`)).body.enrolment;
    const later = (years: number) => String(Number(before.grade) + years);
    await story.decide('approve', { step: 'sourceSchool' });
    const decide = (data: object) => story.decide('approve', { step: 'destinationSchool', data });
    expect(await decide({ grade: later(3) })).toMatchObject({
      status: 422,
      body: { code: 'grade-out-of-reach', errors: [{ pointer: '/data/grade' }] },
    });
    expect(await decide({ grade: '2099' })).toMatchObject(refused(422, 'grade-out-of-reach'));
    expect(await decide({ majorCode: '999999' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ pointer: '/data/majorCode' }] },
    });
    expect((await decide({ grade: later(1) })).status).toBe(200);
    await story.approveAll();
    const clerk = await as(system, demo.holder(story.destination.id, 'schoolClerk'));
    const { body: student } = await clerk.get(`/students/${story.studentId}`);
    expect(student.enrolment).toMatchObject({
      grade: later(1),
      majorCode: before.majorCode,
      expectedLeavingOn: monthsLater(before.expectedLeavingOn, 12),
    });
  });
});
