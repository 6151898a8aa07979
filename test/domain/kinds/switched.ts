import type { OptionalRule } from '../../../src/domain/policy/policy.js';
import { addDays } from '../../../src/domain/working-days.js';
import { TODAY, type Change } from '../../fixtures/filing-facts.js';

const business = (days: number): Change => ({
  details: { ground: 'startingBusiness' },
  enrolment: { enrolledOn: addDays(TODAY, -days), validFrom: addDays(TODAY, -days) },
});

/** So many days more, with the suspension filed, are two years from today. */
const UNTIL_TWO_YEARS = (Date.parse('2028-09-03') - Date.parse('2027-01-31')) / 86_400_000;
const suspendedFor = (suspendedDays: number, details = {}): Change => ({ student: { suspendedDays }, details });
const repeatingThere = (repeats: number): Change => ({
  student: { source: { id: 'west', track: 'vocational', repeating: { students: 100, repeats } } },
});

const byGuardian = (student: Change['student']): Change => ({ student, facts: { application: { by: 'guardian', on: TODAY } } });
/** What the school decides. */
const decided: Change = { details: { ground: 'absence' }, facts: { application: { by: 'school', on: TODAY } } };
/** In the first term of study, the third and the fourth. */
const [FIRST_TERM, THIRD_TERM, FOURTH_TERM] = ['2026-09-03', '2027-09-03', '2028-03-03'];
const another = (today: string, majorCode: string, ground = 'aptitude'): Change => ({
  facts: { today },
  details: { majorCode, ground },
  enrolment: { grade: '2026', expectedLeavingOn: '2029-07-01' },
});

/** The rules that a policy switches on, each for every kind that it is about: what breaks it, and what just does not. */
export const SWITCHED: readonly [OptionalRule, Change, Change][] = [
  ['notUnderOneTerm', { enrolment: { enrolledOn: addDays(TODAY, -139) } }, { enrolment: { enrolledOn: addDays(TODAY, -140) } }],
  [
    'notGraduatingGrade',
    { enrolment: { expectedLeavingOn: addDays(TODAY, 364) } },
    { enrolment: { expectedLeavingOn: addDays(TODAY, 365) } },
  ],
  ['withinTransferWindow', { facts: { today: '2026-09-01' } }, { facts: { today: '2026-08-31' } }],
  [
    'enoughStudyRemaining',
    { enrolment: { expectedLeavingOn: addDays(TODAY, 547) } },
    { enrolment: { expectedLeavingOn: addDays(TODAY, 548) } },
  ],
  ['atEndOfYear', { facts: { today: '2026-10-01' } }, { facts: { today: '2026-09-30' } }],
  ['withinFirstWeeks', { facts: { today: '2026-09-15' } }, { facts: { today: '2026-09-14' } }],
  ['businessAfterAYear', business(364), business(365)],
  ['resumptionNotice', { facts: { today: '2027-01-22' } }, { facts: { today: '2027-01-21' } }],
  [
    'minorNeedsGuardian',
    { student: { minor: true }, facts: { application: { by: 'student', on: TODAY } } },
    { student: { minor: true }, facts: { application: { by: 'studentAndGuardian', on: TODAY } } },
  ],
  ['minorNeedsGuardian', byGuardian({ minor: true }), byGuardian({ minor: false })],
  ['minorNeedsGuardian', byGuardian({ minor: true }), { student: { minor: true }, ...decided }],
  // In the second term and the third.
  ['withinGradeWindow', { facts: { today: '2026-02-19' } }, { facts: { today: '2026-02-20' } }],
  ['withinGradeWindow', { enrolment: { grade: '2024' } }, { enrolment: { grade: '2025' } }],
  ['noOpenIrregularity', { student: { openIrregularity: true } }, { student: { openIrregularity: false } }],
  ['withinFirstTerms', { enrolment: { grade: '2025' } }, { enrolment: { grade: '2026' } }],
  ['withinCategoryTerms', another(THIRD_TERM, '730101'), another(FIRST_TERM, '730101')],
  ['withinCategoryTerms', another(FOURTH_TERM, '710205'), another(THIRD_TERM, '710205')],
  ['withinCategoryTerms', another(FOURTH_TERM, '710205'), another(FOURTH_TERM, '710205', 'adjustment')],
  ['withinCategoryTerms', another(THIRD_TERM, '730101'), another(THIRD_TERM, '730101', 'resumed')],
  ['withinSuspendedTotal', suspendedFor(UNTIL_TWO_YEARS + 1), suspendedFor(UNTIL_TWO_YEARS)],
  ['withinSuspendedTotal', suspendedFor(UNTIL_TWO_YEARS + 1), suspendedFor(9999, { ground: 'military' })],
  ['withinRepeatShare', repeatingThere(6), repeatingThere(5)],
];
