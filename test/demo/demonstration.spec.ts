import { demoClasses } from '../../src/demo/classes.js';
import { seedCatalogue } from '../../src/code-sets/seed-catalogues.js';
import { demoOrganisations, NATION, type DemoOrganisation } from '../../src/demo/organisations.js';
import { demoPeople } from '../../src/demo/people.js';
import { demoPacks } from '../../src/demo/policies.js';
import { pendingRegistrations } from '../../src/demo/registrations.js';
import { SCHOOLS } from '../../src/demo/schools.js';
import { demoStudents } from '../../src/demo/students.js';
import { isOnRoll } from '../../src/domain/dossier/dossier.js';
import { documentProblem, normaliseName } from '../../src/domain/dossier/id-document.js';
import { boundFaults } from '../../src/domain/packs/policy-bounds.js';
import { differences } from '../../src/domain/packs/policy-pack.js';
import { trackOf } from '../../src/domain/offices.js';
import { blockersOf } from '../../src/domain/preconditions/index.js';
import { policyOf } from '../../src/policies/policies.store.js';
import { shapeFaults } from '../../src/policies/policy-schema.js';
import { kindOfStudentNumber, parseStudentNumber } from '../../src/domain/dossier/student-number.js';
import { readFileSync } from 'node:fs';

const organisations = demoOrganisations();
const people = demoPeople();
const students = demoStudents();
const byId = new Map(organisations.map((organisation) => [organisation.id, organisation]));
const schools = organisations.filter(({ level }) => level === 'school');
const at = (level: string) => organisations.filter((organisation) => organisation.level === level);
const parentOf = ({ parentId }: DemoOrganisation) => (parentId === null ? undefined : byId.get(parentId));
const distinct = (values: readonly unknown[]) => new Set(values).size;
const json = (file: string) => JSON.parse(readFileSync(new URL(`../../src/code-sets/seed/${file}`, import.meta.url), 'utf8')) as unknown;

describe('the demonstration', () => {
  it('is the same whenever it is generated', () => {
    expect(demoOrganisations()).toEqual(organisations);
    expect(demoPeople()).toEqual(people);
    expect(demoStudents()).toEqual(students);
  });
});

describe('organisations of the demonstration', () => {
  it('are one nation, two provinces, four cities, eight counties, sixteen vocational schools and one ordinary school', () => {
    const counts = ['national', 'province', 'city', 'county', 'school'].map((level) => at(level).length);
    expect(counts).toEqual([1, 2, 4, 8, 17]);
    expect(schools.filter(({ type }) => trackOf(type!) === 'ordinary')).toHaveLength(1);
    expect(distinct(schools.map(({ type }) => type))).toBe(5);
  });

  it('share no code, no name and no id', () => {
    for (const member of ['code', 'name', 'id'] as const) expect(distinct(organisations.map((o) => o[member]))).toBe(organisations.length);
  });

  it('stand in divisions of the national list, under the division names', () => {
    const divisions = json('divisions.json') as Record<string, string>;
    for (const { divisionCode, name, level } of organisations.filter(({ code }) => code !== NATION)) {
      expect(divisions[divisionCode]).toBeDefined();
      if (level !== 'school') expect(name).toContain(divisions[divisionCode]);
    }
  });

  it('name as superiors the parent, its parent and so on up to the nation, in this order', () => {
    for (const organisation of organisations) {
      const line: string[] = [];
      for (let above = parentOf(organisation); above; above = parentOf(above)) line.push(above.id);
      expect(organisation.ancestors).toEqual(line);
      expect(line.at(-1) ?? organisation.id).toBe(at('national')[0]!.id);
    }
  });

  it('belong to the province in their line', () => {
    for (const organisation of organisations.filter(({ level }) => level !== 'national')) {
      const province = [organisation.id, ...organisation.ancestors].map((id) => byId.get(id)!).find(({ level }) => level === 'province');
      expect(organisation.provinceId).toBe(province!.id);
    }
  });

  it('give each school its competent authority as parent: the one that runs it, wherever it stands (R-04)', () => {
    for (const school of schools) expect(parentOf(school)!.code).toBe(SCHOOLS.find(({ code }) => code === school.code)!.runBy);
    const runBy = (level: string) => schools.filter((school) => parentOf(school)!.level === level);
    expect([runBy('county').length, runBy('city').length, runBy('province').length]).toEqual([15, 1, 1]);
    for (const school of [...runBy('city'), ...runBy('province')])
      expect(at('county').map(({ code }) => code)).toContain(school.divisionCode);
  });

  it('let a student transfer within a county, a city, a province and across provinces', () => {
    const pairs = schools.flatMap((a) => schools.filter((b) => b !== a).map((b) => [a, b] as const));
    const common = new Set(pairs.map(([a, b]) => byId.get(a.ancestors.find((id) => b.ancestors.includes(id))!)!.level));
    expect(common).toEqual(new Set(['county', 'city', 'province', 'national']));
  });
});

describe('people of the demonstration', () => {
  const officesAt = (id: string) => people.filter(({ organisationId }) => organisationId === id).map(({ office }) => office);

  it('are a clerk and two reviewers at each school', () => {
    for (const { id } of schools) expect(officesAt(id).sort()).toEqual(['schoolClerk', 'schoolReviewer', 'schoolReviewer']);
  });

  it('are two reviewers, a supervisor and an administrator at every authority, and a second one where two must do something', () => {
    for (const id of new Set(schools.flatMap(({ ancestors }) => ancestors)))
      expect(officesAt(id).filter((office) => office !== 'operator')).toEqual([
        'authorityReviewer',
        'authorityReviewer',
        'authoritySupervisor',
        'orgAdmin',
        ...(byId.get(id)!.level === 'province' ? ['authoritySupervisor'] : []),
        ...(byId.get(id)!.level === 'national' ? ['orgAdmin'] : []),
      ]);
  });

  it('are named by office and organisation, each once, and one is the operator', () => {
    expect(distinct(people.map(({ username }) => username))).toBe(people.length);
    const names = ['clerk.3301-01', 'reviewer.3301-01', 'reviewer2.3301-01', 'reviewer.330110', 'supervisor.330000', 'admin.510000'];
    expect(people.map(({ username }) => username)).toEqual(expect.arrayContaining(names));
    expect(people.filter(({ office }) => office === 'operator').map(({ username }) => username)).toEqual(['operator']);
  });
});

describe('students of the demonstration', () => {
  const inState = (state: string) => students.filter(({ enrolment }) => enrolment.state === state).length;

  it('are two thousand at all schools, sixty of them at the ordinary school', () => {
    const count = new Map<string, number>();
    for (const { enrolment } of students) count.set(enrolment.schoolId, (count.get(enrolment.schoolId) ?? 0) + 1);
    expect(students).toHaveLength(2000);
    expect(count.get(schools.find(({ type }) => type === 'ordinaryMiddle')!.id)).toBe(60);
    for (const { id } of schools) expect(count.get(id)).toBeGreaterThanOrEqual(60);
  });

  it('mostly study, some are suspended, a few have left', () => {
    expect(inState('suspended')).toBe(40);
    expect(inState('active')).toBeGreaterThan(1800);
    for (const state of ['withdrawn', 'graduated', 'completed']) expect(inState(state)).toBeGreaterThan(5);
    for (const { enrolment } of students) expect(enrolment.validTo === null).toBe(isOnRoll(enrolment.state));
  });

  it('have a document that passes every check for their birth date and sex, and share it with nobody', () => {
    for (const { document, birthDate, sex } of students)
      expect(documentProblem(document.type, document.number, { birthDate, sex, today: '2026-09-01' })).toBeUndefined();
    expect(distinct(students.map(({ document }) => `${document.type}:${document.number}`))).toBe(2000);
    const others = new Set(students.map(({ document }) => document.type).filter((type) => type !== 'residentId'));
    expect(others.size).toBe(5);
  });

  it('have a student number made of the resident identity number, or of a code when there is none (R-03, R-31)', () => {
    expect(distinct(students.map(({ number }) => number))).toBe(2000);
    for (const { number, document } of students) {
      expect(parseStudentNumber(number)).toBe(number);
      expect(kindOfStudentNumber(number)).toBe(document.type === 'residentId' ? 'residentId' : 'code');
    }
  });

  it('hold at most one enrolment (R-10)', () => {
    expect(distinct(students.map(({ enrolment }) => enrolment.studentId))).toBe(2000);
  });

  it('are fifteen to eighteen when they begin, at schools for adults older', () => {
    const adult = new Set(schools.filter(({ type }) => type === 'adultSpecialisedSecondary').map(({ id }) => id));
    for (const { birthDate, enrolment } of students) {
      const age = Number(enrolment.enrolledOn.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (birthDate.slice(5) > '09-01' ? 1 : 0);
      const [from, to] = adult.has(enrolment.schoolId) ? [18, 36] : [15, 18];
      expect(age).toBeGreaterThanOrEqual(from);
      expect(age).toBeLessThanOrEqual(to);
    }
  });

  it('of vocational schools learn a major of the catalogue, of which their class has the name', () => {
    const majors = seedCatalogue('majors-2021').entries;
    for (const { enrolment } of students) {
      const major = majors.find(({ code }) => code === enrolment.majorCode);
      expect(major === undefined).toBe(byId.get(enrolment.schoolId)!.type === 'ordinaryMiddle');
      expect(enrolment.className).toContain(major?.zh ?? enrolment.grade);
    }
  });

  it('are each in a class of the register, of their grade and major, with a head teacher and a size', () => {
    const enrolments = [...students, ...pendingRegistrations(students).map(({ student }) => student)].map(({ enrolment }) => enrolment);
    const classes = new Map(demoClasses(enrolments).map((one) => [`${one.schoolId} ${one.name}`, one]));
    for (const { schoolId, className, grade, majorCode, state } of enrolments) {
      const one = classes.get(`${schoolId} ${className}`);
      expect(one).toMatchObject({ grade, majorCode, size: 50, headTeacher: expect.stringMatching(/^\p{Script=Han}{2,}/u) });
      if (isOnRoll(state) || state === 'heldDuplicate') expect(one?.closedOn).toBeNull();
    }
  });

  it('have names as the register stores them', () => {
    for (const { name } of students) expect(normaliseName(name)).toBe(name);
    expect(distinct(students.map(({ name }) => name))).toBeGreaterThan(1500);
  });
});

describe('policy of the demonstration', () => {
  const policies = demoPacks().map(({ id, content }) => policyOf(content, id, 1));

  it('is two packs that keep the shape and the national bounds, each with the document that settles it (A17)', () => {
    for (const { document, content } of demoPacks()) expect(shapeFaults({ document, content })).toEqual([]);
    expect(policies.flatMap(boundFaults)).toEqual([]);
  });

  it('visibly differs between the provinces: order, side by side, days, evidence, windows, directions, ladder', () => {
    const [east, west] = policies;
    const pointers = differences(east, west).map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining([
        '/kinds/transfer/order',
        '/kinds/crossTrackTransfer/parallelAuthorities',
        '/kinds/transfer/workingDays/sourceSchool',
        '/kinds/suspension/leastEvidence',
        '/kinds/suspension/deadlineScope',
        '/kinds/repeatYear/rules',
        '/kinds/reinstatement/order',
        '/kinds/deregistration/order',
        '/limits/suspensionMonths',
        '/directions',
        '/expiredSuspension',
        '/remindBefore',
      ]),
    );
  });

  it('lets any active vocational student transfer to any other vocational school on any day, with one piece of evidence', () => {
    const vocational = schools.filter(({ type }) => trackOf(type!) === 'vocational');
    const active = students.filter(({ enrolment }) => enrolment.state === 'active');
    const source = { id: vocational[0]!.id, track: 'vocational' } as const;
    const destination = { id: vocational[9]!.id, track: 'vocational', closed: false } as const;
    for (const policy of policies)
      for (const today of ['2026-09-02', '2026-11-23', '2027-06-29'])
        for (const { enrolment } of active) {
          const facts = {
            kind: 'transfer',
            policy,
            today,
            evidence: 1,
            destination,
            details: { destinationSchoolId: destination.id },
            otherReviewers: 2,
          } as const;
          const student = { openRequest: false, openDeath: false, suspensions: 0, repeats: 0, enrolment, source };
          expect(blockersOf({ ...facts, student })).toEqual([]);
        }
  });
});
