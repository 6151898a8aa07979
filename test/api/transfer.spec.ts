import {
  acrossCities,
  acrossCounties,
  acrossProvinces,
  cityRunAndProvinceRun,
  Demonstration,
  withinACounty,
} from '../fixtures/demonstration.js';
import { as } from '../fixtures/client.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a transfer between vocational schools (R-16, R-17)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('goes through both schools and the one authority of a county, which decides once in both capacities', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const detail = await story.approveAll();
    expect(detail).toMatchObject({ state: 'approved', notices: [] });
    expect(detail.timeline.filter(({ kind }) => kind === 'decided').map(({ step }) => step)).toEqual([
      'sourceSchool',
      'destinationSchool',
      'sourceAuthority',
    ]);
  });

  it.each([
    ['counties of a city', acrossCounties],
    ['cities of a province', acrossCities],
    ['a city-run and a province-run school', cityRunAndProvinceRun],
  ])('goes through both schools and both authorities across %s', async (_, pair) => {
    const story = await Story.transfer(system, demo, pair(demo));
    const detail = await story.approveAll();
    expect(detail.state).toBe('approved');
    expect(detail.timeline.filter(({ kind }) => kind === 'decided').map(({ step }) => step)).toEqual([
      'sourceSchool',
      'destinationSchool',
      'sourceAuthority',
      'destinationAuthority',
    ]);
  });

  it('moves the student with the number unchanged and records the notices to both provinces, which block nothing', async () => {
    const story = await Story.transfer(system, demo, acrossProvinces(demo));
    const before = (await story.filer.get(`/students/${story.studentId}`)).body;
    const detail = await story.approveAll();
    expect(detail.state).toBe('approved');
    expect(detail.notices).toHaveLength(4);
    const destination = await as(system, demo.holder(story.destination.id, 'schoolClerk'));
    const { body: after } = await destination.get(`/students/${story.studentId}/dossier`);
    expect(after).toMatchObject({ studentNumber: before.studentNumber, schoolId: story.destination.id, state: 'active' });
    expect(after.enrolments.map(({ state }: { state: string }) => state)).toEqual(['active', 'transferredOut']);
    expect(after.evidence.map(({ evidenceId }: { evidenceId: string }) => evidenceId)).toEqual(detail.evidenceIds);
    const { body: past } = await story.filer.get(`/students/${story.studentId}`);
    expect(past).toMatchObject({ schoolId: story.source.id, state: 'transferredOut' });
  });
});
