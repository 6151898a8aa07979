import { readCase } from '../../src/cases/cases.store.js';
import { graduationEffect } from '../../src/graduations/effect.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { depsOf, LeavingClass, withinATerm } from '../fixtures/graduations.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a graduation whose worker dies between its pages', () => {
  let system: System;
  afterAll(() => system?.stop());

  it('goes on with the next worker, and with a page that is made beside it: nobody is left behind, nobody leaves twice', async () => {
    system = await startSystem({ engine: 'time-skipping', worker: false });
    await staySignedIn(system);
    await withinATerm(system);
    const demo = await Demonstration.of(system);
    const [school] = withinACounty(demo);
    const leaving = await LeavingClass.of(system, demo, school, { inWorkingDays: 0 });
    const all = await asOwner<{ id: string }[]>(
      system,
      `select e.student_id as id from enrolment e where e.school_id = $1 and e.state = 'active' and e.enrolled_on < current_date - 400
         and not exists (select 1 from duplicate d where e.student_id in (d.held_student_id, d.other_student_id))`,
      [school.id],
    );
    const students = all.map(({ id: studentId }) => ({ studentId }));
    expect(students.length).toBeGreaterThan(100); // more than two pages
    await leaving.register(all.map(({ id }) => id));
    const first = await system.startWorker();
    const { id, story } = await leaving.submitted({ classId: undefined, students, outcome: 'discontinued' });
    await story.decide('approve');
    await until(
      () => leaving.shown(id),
      ({ counts }) => (counts.effected ?? 0) > 0,
      'the first page',
    );
    await first.stop();
    const page = () =>
      inScope(system.db, 'process', async (tx) => {
        const loaded = await readCase(tx, story.id);
        return loaded && graduationEffect(tx, depsOf(system), loaded);
      });
    await Promise.all([system.startWorker(), page(), page()]);
    const shown = await leaving.reached(id, 'effected');
    expect(shown.counts).toMatchObject({ effected: students.length, listed: 0, heldBack: 0 });
    const [told] = await asOwner<{ n: number; students: number }[]>(
      system,
      `select count(*)::int as n, count(distinct stream_id)::int as students from act where kind = 'graduation' and stream = 'student'`,
    );
    expect(told).toEqual({ n: students.length, students: students.length });
  });
});
