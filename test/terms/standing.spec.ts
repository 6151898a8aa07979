import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { inScope } from '../../src/platform/database/in-scope.js';
import { ENROLMENT_STATES, type EnrolmentState } from '../../src/domain/dossier/dossier.js';
import {
  activeWithin,
  dayAsked,
  intakeOf,
  standingIn,
  type SchoolTerm,
  type TermRules,
  type TermStanding,
} from '../../src/domain/terms/school-term.js';
import { addDays, type PlainDate } from '../../src/domain/working-days.js';
import { askedOf, COUNT_ONE, COUNT_UNREGISTERED, STANDING_OF, valuesOf, type Tally } from '../../src/school-terms/standing.store.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';
import { TermAt } from '../fixtures/terms.js';
import { as } from '../fixtures/client.js';

/** A student with what became of the enrolment, as the dossier keeps it: states from days on, in the order in which they were recorded. */
interface Told {
  readonly enrolledOn: PlainDate;
  readonly validFrom: PlainDate;
  readonly versions: readonly { readonly state: EnrolmentState; readonly since: PlainDate }[];
}

const around = (date: PlainDate, days: number) => fc.integer({ min: -days, max: days }).map((n) => addDays(date, n));
const state = fc.oneof({ weight: 4, arbitrary: fc.constant('active' as const) }, fc.constantFrom(...ENROLMENT_STATES));
const student: fc.Arbitrary<Told> = fc
  .tuple(
    fc.constantFrom('2024-09-01', '2025-09-01', '2026-03-01', '2026-09-01', '2026-12-01').chain((date) => around(date, 60)),
    fc.integer({ min: 0, max: 200 }),
    fc.array(fc.record({ state, after: fc.integer({ min: 0, max: 200 }) }), { minLength: 1, maxLength: 4 }),
  )
  .map(([enrolledOn, later, changes]) => {
    const validFrom = addDays(enrolledOn, later);
    const versions = changes.reduce<Told['versions']>(
      (all, { state: next, after }) => [
        ...all,
        { state: next, since: addDays(all.at(-1)?.since ?? validFrom, all.length === 0 ? 0 : after) },
      ],
      [],
    );
    return { enrolledOn, validFrom, versions };
  });

const rules = (term: SchoolTerm, firstDay: string, nextFirstDay: string): TermRules => ({
  term,
  firstDay,
  nextFirstDay,
  workingDays: 20,
  reminderWorkingDays: 5,
  retractionWorkingDays: 20,
  shiftDays: 14,
});
const TERMS = [
  rules({ year: 2025, nth: 2 }, '2026-02-20', '2026-09-01'),
  rules({ year: 2026, nth: 1 }, '2026-09-01', '2027-02-20'),
  rules({ year: 2026, nth: 2 }, '2027-02-20', '2027-09-01'),
];

describe('who is to be registered, asked of a whole school at once (A12)', () => {
  let system: System;
  let schoolId: string;
  let clerk: string;
  let students: (Told & { id: string })[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    const demo = await Demonstration.of(system);
    const school = demo.schools().find(({ code }) => code === '3306-01');
    schoolId = school?.id ?? '';
    clerk = demo.holder(schoolId, 'schoolClerk');
    await asOwner(system, `update enrolment set school_id = (select id from organisation where code = '3301-02') where school_id = $1`, [
      schoolId,
    ]);
    students = fc.sample(student, { numRuns: 400, seed: 13 }).map((told) => ({ ...told, id: randomUUID() }));
    await entered(students);
  });
  afterAll(() => system?.stop());

  /** As the product writes them: a row in its first state, and an update for each further one. */
  async function entered(all: readonly (Told & { id: string })[]): Promise<void> {
    const rows = JSON.stringify(
      all.map(({ id, enrolledOn, validFrom, versions }) => ({ id, enrolled_on: enrolledOn, valid_from: validFrom, ...versions[0] })),
    );
    await asOwner(
      system,
      `insert into student (id, number_cipher, number_index, document_type, document_cipher, document_index, name_cipher, name_index,
        masked_name, sex, birth_date_cipher, birth_year, changed_at)
       select id, '', decode(md5('n' || id), 'hex'), 'residentId', '', decode(md5('d' || id), 'hex'), '', '', '某**', 'male', '', 2010, now()
         from jsonb_to_recordset($1::jsonb) as r (id uuid)`,
      [rows],
    );
    await asOwner(
      system,
      `insert into enrolment (id, student_id, school_id, state, grade, study_mode, length_years, enrolled_on, expected_leaving_on,
        valid_from, since, recorded_at, changed_at)
       select gen_random_uuid(), id, $2, state, '2025', 'fullTime', 3, enrolled_on, date '2030-06-30', valid_from, since, now(), now()
       from jsonb_to_recordset($1::jsonb) as r (id uuid, state text, enrolled_on date, valid_from date, since date)`,
      [rows, schoolId],
    );
    for (const nth of [1, 2, 3]) {
      const next = JSON.stringify(all.flatMap(({ id, versions }) => (versions[nth] ? [{ id, ...versions[nth] }] : [])));
      await asOwner(
        system,
        `update enrolment e set state = r.state, since = r.since from jsonb_to_recordset($1::jsonb) as r (id uuid, state text, since date)
          where e.student_id = r.id`,
        [next],
      );
    }
  }

  const asProcess = <T>(sql: string, values: unknown[]) => inScope(system.db, 'process', (tx) => tx.query<T[]>(sql, values));
  /** The last day to register of the statements below; a school has its own by the calendar. */
  const dueOf = (of: TermRules): PlainDate => addDays(of.firstDay, 28);
  const asking = (of: TermRules, today: PlainDate) =>
    askedOf({ school: { id: schoolId }, rules: of, firstDay: of.firstDay, deadline: { dueDate: dueOf(of) }, today });
  const through = (of: TermRules, today: PlainDate) => ({ from: of.firstDay, through: dayAsked(of, today) });
  /** Told from the list, without the statements. */
  const expected = (one: Told, of: TermRules, today: PlainDate): TermStanding => standingIn(one, intakeOf(of.term), through(of, today));
  const owes = (one: Told, of: TermRules) => activeWithin(one, { from: of.firstDay, through: dueOf(of) });

  it.each(TERMS.map((of) => [`${of.term.year}-${of.term.nth}`, of] as const))(
    'is in term %s what the rule says of each student, on every day, and counted so',
    async (_, of) => {
      for (const today of ['2026-03-10', '2026-08-31', '2026-09-20', '2027-01-15', '2027-04-01', '2027-12-01'].filter(
        (day) => day >= of.firstDay,
      )) {
        const asked = valuesOf(asking(of, today));
        const ids = students.map(({ id }) => id);
        const rows = await asProcess<{ studentId: string; standing: TermStanding | null }>(STANDING_OF, [...asked, ids]);
        const standings = students.map((one) => expected(one, of, today));
        expect(rows.map(({ studentId, standing }) => [studentId, standing ?? 'none'])).toEqual(ids.map((id, i) => [id, standings[i]]));
        const n = (...which: TermStanding[]) => standings.filter((one) => which.includes(one)).length;
        const [tally] = await asProcess<Tally>(COUNT_ONE, asked);
        expect(tally).toMatchObject({ toRegister: n('toRegister', 'byEntry'), byEntry: n('byEntry'), registered: n('byEntry') });
        expect(tally).toMatchObject({ suspended: n('suspended'), pending: n('pending'), late: 0 });
        const [left] = await asProcess<{ unregistered: number; owed: number }>(COUNT_UNREGISTERED, asked);
        expect(left?.unregistered).toBe(n('toRegister'));
        const owed = students.filter((one, i) => standings[i] === 'toRegister' && owes(one, of)).length;
        expect([left?.owed, tally?.owed]).toEqual([owed, owed]);
      }
    },
  );

  it('is registered once by many calls at the same time, each student by one act of one of them', async () => {
    system.time.jumpTo('2026-09-20');
    const term = new TermAt(await as(system, clerk), schoolId, '2026-1');
    const left = await term.unregistered();
    expect(left.length).toBeGreaterThan(50);
    const answers = await Promise.all([1, 2, 3, 4].map(() => term.register({ studentIds: left.map(({ studentId }) => studentId) })));
    expect(answers.map(({ body }) => body.done).sort((a, b) => a - b)).toEqual([0, 0, 0, left.length]);
    const acts = await asOwner<{ body: { enrolmentIds: string[] } }[]>(
      system,
      `select a.body from act a join school_term t on t.id = a.stream_id where t.school_id = $1 and (t.year, t.nth) = (2026, 1)
        and a.kind = 'registered'`,
      [schoolId],
    );
    const named = acts.flatMap(({ body }) => body.enrolmentIds);
    expect([named.length, new Set(named).size]).toEqual([left.length, left.length]);
  });
});
