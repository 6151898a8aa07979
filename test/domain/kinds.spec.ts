import { demoPacks } from '../../src/demo/policies.js';
import { BLOCKER_MESSAGES } from '../../src/domain/messages/blocker-messages.js';
import { ENROLMENT_STATES, stateAfter } from '../../src/domain/dossier/dossier.js';
import type { MessageCode } from '../../src/domain/messages/messages.js';
import { GROUNDS } from '../../src/domain/case/details.js';
import { blockerWords, type Blocker } from '../../src/domain/refusal.js';
import { NATIONAL_DEFAULT, OPTIONAL_RULES, type EvidenceItem, type OptionalRule, type Policy } from '../../src/domain/policy/policy.js';
import { inherited, type PolicyContent } from '../../src/domain/packs/policy-pack.js';
import { termOfStudy } from '../../src/domain/preconditions/terms.js';
import {
  alwaysAsked,
  blockersOf,
  gradeNotEarlier,
  JUDGED_AGAIN,
  majorSimilar,
  OPTIONAL,
  type Facts,
} from '../../src/domain/preconditions/index.js';
import { isTransfer, KINDS, type Kind } from '../../src/domain/procedure/procedure.js';
import { addedFor, routeFor, toldOfDeath } from '../../src/domain/case/route.js';
import { remedyOf } from '../../src/domain/messages/messages.js';
import { addDays } from '../../src/domain/working-days.js';
import { EAST, WEST } from '../fixtures/case.js';
import { filing, proofsOf, TODAY, type Change } from '../fixtures/filing-facts.js';
import { ownOf } from './kinds/own.js';
import { SWITCHED } from './kinds/switched.js';

const POLICIES: readonly [string, Policy][] = [
  ['the national default', NATIONAL_DEFAULT],
  ...demoPacks().map(({ division, content }): [string, Policy] => [
    `the pack of ${division}`,
    { ...inherited<PolicyContent>(NATIONAL_DEFAULT, content), id: division, version: 1 },
  ]),
];

const DOCUMENT = (id: string): EvidenceItem => ({ id, zh: '材料', en: 'paper' });

const NEVER_AHEAD: readonly Kind[] = ['death', 'infoCorrection', 'studyCorrection', 'registrationException'];

/** What every kind asks, as far as a policy asks it. */
const everyOf = (policy: Policy, kind: Kind): readonly [MessageCode, Change][] => {
  const { leastEvidence } = policy.kinds[kind];
  const always: [MessageCode, Change][] = [
    ['unknown-evidence', { facts: { strangeEvidence: true } }],
    ['unknown-evidence-item', { facts: { proofs: [...proofsOf(policy, kind), { item: 'nothing', handedIn: true }] } }],
    ['no-second-reviewer', { facts: { otherReviewers: 0 } }],
    ['date-in-future', { facts: { application: { by: 'studentAndGuardian', on: addDays(TODAY, 1) } } }],
    ['date-before-enrolment', { facts: { application: { by: 'studentAndGuardian', on: '2025-08-31' } } }],
    ['effective-date-out-of-range', { details: { effectiveOn: '2029-01-01', until: '2029-06-30' } }],
    ['change-already-open', { student: kind === 'infoCorrection' ? { openCorrection: true } : { openDeath: true } }],
  ];
  if (kind !== 'infoCorrection')
    always.push([
      'guardian-not-on-record',
      { facts: { application: { by: 'guardian', on: TODAY } }, student: { minor: true, guardianOnRecord: false } },
    ]);
  // A death comes when it comes, another claim is another matter.
  if (kind !== 'death' && kind !== 'registrationException') always.push(['duplicate-being-ruled', { student: { beingRuled: true } }]);
  // A graduation under way is a change under way (A16); what runs beside one runs beside the other.
  if (!['death', 'infoCorrection', 'registrationException'].includes(kind))
    always.push(['student-in-graduation', { student: { graduation: { code: '2027-1', number: '2027-0000001' } } }]);
  return leastEvidence > 0 ? [['evidence-missing', { facts: { evidence: leastEvidence - 1 } }], ...always] : always;
};

describe.each(POLICIES)('under %s', (_, policy) => {
  const codes = (kind: Kind, change: Change = {}) =>
    blockersOf(filing(kind, { ...change, policy: { ...policy, ...change.policy } })).map(({ code }) => code);
  const switchedOn = (kind: Kind, rule: OptionalRule, change: Change) =>
    codes(kind, { ...change, policy: { kinds: { ...policy.kinds, [kind]: { ...policy.kinds[kind], rules: [rule] } } } });

  describe.each(KINDS)('%s', (kind) => {
    it('is filed when nothing speaks against it', () => {
      expect(codes(kind)).toEqual([]);
    });

    it.each(everyOf(policy, kind))('is refused with %s like every kind', (code, change) => {
      // What is proved to be so may not lie ahead at all.
      const besides = NEVER_AHEAD.includes(kind) && code === 'effective-date-out-of-range' ? ['date-in-future'] : [];
      // Of a minor's withdrawal the rule of the guardian's application says so too.
      const also = kind === 'withdrawal' && code === 'guardian-not-on-record' ? ['guardian-must-apply'] : [];
      expect(codes(kind, change)).toEqual([...besides, code, ...also]);
    });

    it(`is refused while another request is open, but for a death or a change of personal information beside it (A16)`, () => {
      const refused = (student: Change['student'], free: boolean) =>
        expect(codes(kind, { student })).toEqual(free ? [] : ['change-already-open']);
      refused({ openRequest: true }, kind === 'death' || kind === 'infoCorrection');
      refused({ openCorrection: true }, kind !== 'infoCorrection');
      refused({ openDeath: true }, kind === 'infoCorrection');
    });

    it('waits while a ruling on a duplicate of the student is open, but for a death and a claim about another registration', () => {
      const free = kind === 'death' || kind === 'registrationException';
      expect(codes(kind, { student: { beingRuled: true } })).toEqual(free ? [] : ['duplicate-being-ruled']);
    });

    it.each(ENROLMENT_STATES)('of a student who is %s is as legal as the state model says', (state) => {
      const expected = stateAfter(kind, state) ? [] : ['illegal-transition'];
      expect(codes(kind, { enrolment: { state } })).toEqual(expected);
    });

    it('is refused without a document that is asked for by name, each named, on its grounds only', () => {
      const [ground, other] = GROUNDS[kind] ?? [];
      const details = ground === undefined ? {} : { [kind === 'deregistration' ? 'cause' : 'ground']: ground };
      const asking = (...more: EvidenceItem[]) => {
        const evidence = [...policy.kinds[kind].evidence, ...more];
        const under = { ...policy, kinds: { ...policy.kinds, [kind]: { ...policy.kinds[kind], evidence } } };
        const proofs = proofsOf(policy, kind);
        return blockersOf(filing(kind, { details, policy: under, facts: { proofs } }));
      };
      const [one, two] = [DOCUMENT('one'), DOCUMENT('two')];
      const missing = asking(one, two).filter(({ code }) => code === 'evidence-item-missing');
      expect(missing.map(({ item, owner, pointer }) => [item?.id, owner, pointer])).toEqual([
        ['one', 'filer', '/evidence'],
        ['two', 'filer', '/evidence'],
      ]);
      expect(blockerWords(missing[0] as Blocker)).toEqual({
        zh: '缺少规定的证明材料：材料。',
        en: 'A document that is asked for is missing: paper.',
      });
      const coded = (item: EvidenceItem) => asking(item).map(({ code }) => code);
      if (ground !== undefined) expect(coded({ ...one, grounds: [ground] })).toContain('evidence-item-missing');
      expect(coded({ ...one, grounds: [other ?? 'none'] })).not.toContain('evidence-item-missing');
      expect(coded({ zh: '材料', en: 'paper' })).not.toContain('evidence-item-missing');
    });

    it('is refused when a file that it names is not one of its own', () => {
      const proofs = [...proofsOf(policy, kind), { item: 'one', handedIn: false }];
      const kinds = { ...policy.kinds, [kind]: { ...policy.kinds[kind], evidence: [...policy.kinds[kind].evidence, DOCUMENT('one')] } };
      const told = blockersOf(filing(kind, { policy: { ...policy, kinds }, facts: { proofs } }));
      expect(told.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([`unknown-evidence-item /evidence/${proofs.length - 1}/id`]);
    });

    const own = ownOf(policy)[kind];
    if (own.length > 0)
      it.each(own)('is refused with %s, and not at the limit', (code, broken, sound) => {
        expect([codes(kind, broken), codes(kind, sound)]).toEqual([[code], []]);
      });

    const switched = SWITCHED.filter(([rule]) => OPTIONAL[rule].kinds.includes(kind));
    if (switched.length > 0)
      it.each(switched)('is held to %s from its limit on where it is switched on, and only there', (rule, broken, sound) => {
        const { code } = OPTIONAL[rule];
        const asItStands = policy.kinds[kind].rules.includes(rule) ? [code] : [];
        // Another rule that is on may be broken by the same facts.
        const here = codes(kind, broken).filter((one) => one === code);
        expect([switchedOn(kind, rule, broken), switchedOn(kind, rule, sound), here]).toEqual([[code], [], asItStands]);
        expect(remedyOf(code)).toBeDefined();
      });

    it('is refused here with every code by which it can be, and with no other', () => {
      const tested = new Set<MessageCode>([
        'change-already-open',
        'illegal-transition',
        'evidence-missing',
        'evidence-item-missing',
        ...everyOf(policy, kind).map(([code]) => code),
        ...own.map(([code]) => code),
        ...switched.map(([rule]) => OPTIONAL[rule].code),
        ...(kind === 'transfer' ? (['major-not-similar', 'length-or-entry-differs'] as const) : []),
      ]);
      const declared = new Set([
        ...alwaysAsked(kind).map(({ code }) => code),
        ...OPTIONAL_RULES.flatMap((rule) => (OPTIONAL[rule].kinds.includes(kind) ? [OPTIONAL[rule].code] : [])),
      ]);
      expect([...declared].sort()).toEqual([...tested].sort());
    });

    it('goes the way of school and authority, with what the pack adds, never longer than ten days a step', () => {
      const destination = isTransfer(kind) ? EAST : undefined;
      const route = routeFor(kind, { source: WEST, destination, filer: { organisationId: 'westSchool', personId: 'p' } }, policy);
      expect(route.steps.map(({ id }) => id)).toEqual(
        expect.arrayContaining(isTransfer(kind) ? ['sourceSchool', 'destinationSchool'] : ['school', 'authority']),
      );
      expect(route.steps.filter(({ workingDays }) => workingDays > 10)).toEqual([]);
    });
  });
});

describe('the preconditions', () => {
  it('are named, each with the codes by which it refuses, and each code says what clears it', () => {
    for (const kind of KINDS) {
      const asked = alwaysAsked(kind);
      expect(asked.filter(({ rule, code }) => !/^[a-z][A-Za-z]+$/.test(rule) || remedyOf(code) === undefined)).toEqual([]);
      expect(new Set(asked.map(({ rule, code }) => `${rule} ${code}`)).size).toBe(asked.length);
    }
  });

  it('use up the catalogue of blockers, but for what stands in the way of other things than a filing', () => {
    const used = new Set<string>([
      ...KINDS.flatMap((kind) => alwaysAsked(kind).map(({ code }) => code)),
      ...OPTIONAL_RULES.map((rule) => OPTIONAL[rule].code),
    ]);
    expect(Object.keys(BLOCKER_MESSAGES).filter((code) => !used.has(code))).toEqual([
      'grade-earlier',
      'nobody-in-cohort',
      'cohort-too-large',
      'not-over-both-schools',
      'school-already-closed',
      'change-of-school-pending',
      'school-not-closed-yet',
      'ruling-required',
      'major-in-use',
    ]);
  });

  it('are judged again on the day of effect, or not, and of each it is said which (A20, 0049)', () => {
    const named = new Set([...KINDS.flatMap((kind) => alwaysAsked(kind).map(({ rule }) => rule)), ...OPTIONAL_RULES]);
    expect([...JUDGED_AGAIN].filter((rule) => !named.has(rule))).toEqual([]);
    const waits = KINDS.filter((kind) => !['death', 'infoCorrection', 'studyCorrection', 'registrationException'].includes(kind));
    const atFilingAlone = new Set(
      waits.flatMap((kind) => alwaysAsked(kind).map(({ rule }) => rule)).filter((rule) => !JUDGED_AGAIN.has(rule)),
    );
    expect([...atFilingAlone].sort()).toEqual([
      'afterThePresent',
      'applicantFitsGround',
      'askedForByToday',
      'askedForSinceEnrolment',
      'classOpen', // the effect knows what has become of the class
      'destinationDiffers',
      'destinationKnown',
      'destinationOpen',
      'directionAllowed',
      'effectiveInRange',
      'effectiveSinceEnrolment',
      'endsAfterItBegins',
      'enoughEvidence',
      'enoughToConfirm',
      'evidenceKnown',
      'graceHasPassed',
      'guardianKnown',
      'itemsProven',
      'legalTransition',
      'noCertificateOut', // the effect looks again
      'notBeforeWhatItUndoes',
      'notRepeatedTooOften',
      'notSuspendedTooOften',
      'notTooLong',
      'overNoRegisteredTerm',
      'proofsKnown',
      'secondReviewer',
      'studentMatched',
      'suspendedLongEnough',
    ]);
  });

  it('name two wrong fields twice, though the code is the same', () => {
    const wrong = filing('infoCorrection', { details: { proofReceivedOn: addDays(TODAY, 1), effectiveOn: addDays(TODAY, 2) } });
    expect(blockersOf(wrong).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'date-in-future /details/proofReceivedOn',
      'date-in-future /details/effectiveOn',
    ]);
  });

  it('name who can clear it: of a transfer the source school, of a change within a school the school or its authority', () => {
    const owners = (kind: Kind, enrolment: Change['enrolment']) => {
      const rules = ['notUnderOneTerm', 'notGraduatingGrade'] as const;
      const policy = { kinds: { ...NATIONAL_DEFAULT.kinds, [kind]: { ...NATIONAL_DEFAULT.kinds[kind], rules } } };
      return blockersOf(filing(kind, { enrolment, policy })).map(({ code, owner }) => `${code} ${owner}`);
    };
    const both = { enrolledOn: addDays(TODAY, -1), expectedLeavingOn: addDays(TODAY, 1) };
    expect(owners('transfer', both)).toEqual(['under-one-term sourceSchool', 'graduating-grade sourceSchool']);
    expect(owners('changeMajor', both)).toEqual(['under-one-term filer', 'graduating-grade authority']);
  });
});

describe('common practice, which a policy switches on', () => {
  it('a resumption places a student in the former year of intake or a later one', () => {
    expect(['2024', '2025', '2026', undefined].map((grade) => gradeNotEarlier(grade, '2025')?.code)).toEqual([
      'grade-earlier',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('similarMajor lets a school place a student in a major of the same category, and one without a major in any', () => {
    expect(['710201', '710401', '730101', undefined].map((code) => majorSimilar(code, '710201')?.code)).toEqual([
      undefined,
      undefined,
      'major-not-similar',
      undefined,
    ]);
    expect(majorSimilar('730101', null)).toBeUndefined();
  });

  it('counts the terms of study from the intake that a student is in, also of who repeats a year and of an intake of spring', () => {
    const starts = ['02-20', '09-01'];
    const terms = (grade: string, enrolledOn: string, days: string[]) => days.map((day) => termOfStudy({ grade, enrolledOn }, day, starts));
    const days = ['2025-08-31', '2025-09-01', '2026-02-19', '2026-02-20', '2026-09-01'];
    expect(terms('2025', '2025-09-01', days)).toEqual([0, 1, 1, 2, 3]);
    expect(terms('2025', '2025-08-25', days)).toEqual([0, 1, 1, 2, 3]);
    expect(terms('2025', '2025-09-30', days)).toEqual([0, 1, 1, 2, 3]);
    expect(terms('2026', '2025-09-01', days)).toEqual([0, 0, 0, 0, 1]);
    expect(terms('2026', '2026-02-25', days)).toEqual([0, 0, 0, 1, 2]);
  });

  it('is tested for every rule there is, and means nothing for a kind that it is not about', () => {
    const tested = new Set<string>([...SWITCHED.map(([rule]) => rule), 'similarMajor', 'sameLengthAndEntry']);
    expect(OPTIONAL_RULES.filter((rule) => !tested.has(rule))).toEqual([]);
    const kinds = { ...NATIONAL_DEFAULT.kinds, death: { ...NATIONAL_DEFAULT.kinds.death, rules: ['atEndOfYear' as const] } };
    expect(blockersOf(filing('death', { facts: { today: '2026-10-01' }, policy: { kinds } }))).toEqual([]);
  });

  it('is on in the national default where the parent measures have it (教职成〔2010〕7号), and off elsewhere', () => {
    const on = KINDS.flatMap((kind) => (NATIONAL_DEFAULT.kinds[kind].rules.length > 0 ? [[kind, NATIONAL_DEFAULT.kinds[kind].rules]] : []));
    expect(Object.fromEntries(on)).toEqual({
      transfer: ['notUnderOneTerm', 'notGraduatingGrade', 'sameLengthAndEntry'],
      crossTrackTransfer: ['notUnderOneTerm', 'notGraduatingGrade', 'enoughStudyRemaining'],
      changeMajor: ['notGraduatingGrade', 'withinCategoryTerms'],
      withdrawal: ['minorNeedsGuardian'],
    });
  });

  it('asks for the decision of an expulsion by name, and on that ground only', () => {
    const codes = (ground: string, proofs: Facts['proofs'] = []) =>
      blockersOf(filing('withdrawal', { details: { ground }, facts: { application: undefined, proofs } })).map(({ code }) => code);
    expect([codes('expulsion'), codes('absence')]).toEqual([['evidence-item-missing'], []]);
    expect(codes('expulsion', [{ item: 'expulsionDecision', handedIn: true }])).toEqual([]);
  });
});

describe('an unnatural death', () => {
  it('is told to the city and the province above the authority, and a natural one to nobody', () => {
    const told = (authorityId: string, superiorId: string | null, unnatural?: boolean) =>
      toldOfDeath('death', { unnatural }, { ...WEST, authorityId, superiorId, provinceId: 'province' });
    expect(told('county', 'city', true)).toEqual(['city', 'province']);
    expect([told('city', 'province', true), told('county', null, true)]).toEqual([['province'], ['province']]);
    expect([told('province', null, true), told('county', 'city', false), told('county', 'city')]).toEqual([[], [], []]);
  });

  const policy = { ...NATIONAL_DEFAULT, unnaturalDeath: ['superior' as const] };
  const stepsOf = (details: object, under = policy) =>
    routeFor(
      'death',
      { source: { ...WEST, superiorId: 'westCity' }, filer: { organisationId: 'westSchool', personId: 'x' } },
      under,
      addedFor('death', { ...details }, under),
    ).steps.map(({ id }) => id);

  it('goes to the superior too where policy says so, and only then', () => {
    expect(stepsOf({ unnatural: true })).toEqual(['school', 'authority', 'superior']);
    expect([stepsOf({ unnatural: false }), stepsOf({}), stepsOf({ unnatural: true }, { ...policy, unnaturalDeath: [] })]).toEqual(
      Array(3).fill(['school', 'authority']),
    );
  });
});
