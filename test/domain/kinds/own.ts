import type { Application } from '../../../src/domain/case/acts.js';
import type { NamedClass } from '../../../src/domain/dossier/school-class.js';
import type { Offer, OpenIntakes } from '../../../src/domain/dossier/study.js';
import type { MessageCode } from '../../../src/domain/messages/messages.js';
import type { Policy } from '../../../src/domain/policy/policy.js';
import type { Kind } from '../../../src/domain/procedure/procedure.js';
import { addDays, monthsLater } from '../../../src/domain/working-days.js';
import { TODAY, type Change } from '../../fixtures/filing-facts.js';

/** What a kind asks: the code, what breaks it under a policy, and what just does not. */
export type Asked = readonly [MessageCode, Change, Change];

const NOT_AHEAD: Asked = ['date-in-future', { details: { effectiveOn: addDays(TODAY, 1) } }, { details: { effectiveOn: TODAY } }];
const EAST = { id: 'east', track: 'vocational', closed: false } as const;
const PROGRAMME = { schoolIds: ['west', 'east'], majorCodes: ['710201'], intakeYear: '2025', from: '2026-01-01', to: TODAY };
const underProgramme = (change: Partial<typeof PROGRAMME> = {}): Change => ({
  details: { jointProgrammeId: 'theirs' },
  facts: { programme: { ...PROGRAMME, ...change } },
});
const confirmedBy = (confirmers: number): Change => ({ facts: { confirmers, otherReviewers: 2 } });

const BETWEEN_SCHOOLS: readonly Asked[] = [
  ['same-school', { facts: { destination: { ...EAST, id: 'west' } } }, { facts: { destination: EAST } }],
  ['unknown-school', { facts: { destination: undefined } }, {}],
  ['school-closed', { facts: { destination: { ...EAST, closed: true } } }, { facts: { destination: EAST } }],
  ['too-few-reviewers', confirmedBy(1), confirmedBy(2)],
];

const corrected = (changes: Record<string, string>): Change => ({
  details: { fields: Object.keys(changes) },
  facts: { correction: { former: FORMER, changes } },
});
const FORMER = {
  name: '张三',
  sex: 'male',
  birthDate: '2010-01-01',
  documentType: 'residentId',
  documentNumber: '33010620100101123X',
};
const numbered = (documentNumber: string, documentType = 'residentId') => corrected({ documentType, documentNumber });
const SOUND_NUMBER = numbered('330106201001011272');

const taken = ({ details, facts }: Change): Change => ({
  details,
  facts: { ...facts, correction: { former: {}, changes: {}, ...facts?.correction, documentTaken: true } },
});

const amending = (changes: Record<string, string>): Change => {
  const { details, facts } = corrected(changes);
  return { details: { ...details, action: 'amend' }, facts };
};
const amendingAPassport = (birthDate: string) => amending({ documentType: 'passport', documentNumber: 'E12345678', birthDate });
const NUMBER = { documentType: 'residentId', documentNumber: '33010620100101123X' };

const offer = (intake: string, majorCode: string, studyMode: string): Offer => ({
  intake,
  majorCode,
  studyMode,
  lengthYears: 3,
  entry: 'juniorMiddle',
});
const at = (...offers: Offer[]): Change => ({ student: { source: { id: 'west', track: 'vocational', offers } } });
const atClosed = (open: OpenIntakes | 'none', ...offers: Offer[]): Change => ({
  student: { source: { id: 'west', track: 'vocational', offers, catalogue: open } },
});
const atOrdinary = (majorCode: string | null, studyMode: string): Change => ({
  student: { source: { id: 'west', track: 'ordinary' } },
  enrolment: { majorCode },
  details: { studyMode },
});
/** A major that is taken up is open to the intake by the catalogue; who is in an earlier intake may take a closed one. */
const takenUp = (grade: string, offered: Offer): Asked[] => [
  ['major-not-in-catalogue', atClosed('none', offered), atClosed({ firstIntake: grade, lastIntake: null }, offered)],
  [
    'major-not-in-catalogue',
    atClosed({ firstIntake: '2010', lastIntake: '2021' }, offered),
    atClosed({ firstIntake: '2010', lastIntake: grade }, offered),
  ],
];
/** Only what the school offers to that intake is studied there; an ordinary school offers neither majors nor other modes. */
const placed = (grade: string, majorCode: string, studyMode: string, majorStays = true): Asked[] => [
  ['major-not-offered', at(), at(offer(grade, majorCode, studyMode))],
  ['major-not-offered', at(offer('2020', majorCode, studyMode)), at(offer(grade, majorCode, studyMode))],
  ['study-mode-not-licensed', at(offer(grade, majorCode, 'workStudy')), at(offer(grade, majorCode, studyMode))],
  ['major-not-taken', atOrdinary('710201', 'workStudy'), {}],
  ...(majorStays ? [] : takenUp(grade, offer(grade, majorCode, studyMode))),
  ...(majorStays ? ([['major-required', { enrolment: { majorCode: null } }, {}]] as const) : []),
  ...(studyMode === 'partTime' ? ([['study-mode-not-taken', atOrdinary(null, 'partTime'), {}]] as const) : []),
];

const inRegister = (open?: NonNullable<NamedClass['open']>, outside = false): Change => ({
  student: {
    source: { id: 'west', track: 'vocational', namedClass: { school: { id: 'west', name: '西校' }, outside, ...(open ? { open } : {}) } },
  },
});
/** A class that is named is an open one of that grade and major. */
const classed = (grade: string, majorCode: string): Asked[] => [
  ['class-not-open', inRegister(), inRegister({ grade, majorCode })],
  ['class-of-other-study', inRegister({ grade: '2020', majorCode }), inRegister({ grade, majorCode })],
  ['class-of-other-study', inRegister({ grade, majorCode: '730101' }), inRegister(undefined, true)],
  ['class-of-other-study', inRegister({ grade, majorCode: null }), {}],
];

const asked = (by: Application['by']): Application => ({ by, on: TODAY });
/** A withdrawal that the school decides. */
const bySchool = (ground: string): Change => ({ details: { ground }, facts: { application: asked('school') } });
const suspendedSince = (since: string): Change => ({
  ...bySchool('suspendedTwoYears'),
  enrolment: { state: 'suspended', since, suspendedUntil: '2025-09-01' },
});

/** What each kind asks besides what every kind does; measured by the policy's own limits. */
export const ownOf = (policy: Policy): Readonly<Record<Kind, readonly Asked[]>> => ({
  transfer: [
    ...BETWEEN_SCHOOLS,
    ['wrong-track', { facts: { destination: { ...EAST, track: 'ordinary' } } }, { facts: { destination: EAST } }],
    ['unknown-joint-programme', { details: { jointProgrammeId: 'unknown' } }, underProgramme()],
    ...[{ schoolIds: ['east'] }, { schoolIds: ['west'] }, { majorCodes: ['710205'] }, { intakeYear: '2024' }].map((change): Asked => [
      'joint-programme-not-covering',
      underProgramme(change),
      underProgramme(),
    ]),
    ['joint-programme-not-covering', underProgramme({ from: addDays(TODAY, 1) }), underProgramme({ from: TODAY })],
    ['joint-programme-not-covering', underProgramme({ to: addDays(TODAY, -1) }), underProgramme({ to: TODAY })],
  ],
  crossTrackTransfer: [
    ...BETWEEN_SCHOOLS,
    ['wrong-track', { student: { source: { id: 'west', track: 'vocational' } } }, {}],
    ['student-not-matched', { facts: { student: undefined } }, {}],
    ['direction-not-allowed', { policy: { directions: ['toOrdinary'] } }, { policy: { directions: ['toVocational'] } }],
  ],
  repeatYear: [
    ['grade-not-later', { details: { grade: '2025' } }, { details: { grade: '2026' } }],
    ['grade-out-of-reach', { details: { grade: '2028' } }, { details: { grade: '2027' } }],
    ...placed('2026', '710201', 'fullTime'),
    ...classed('2026', '710201'),
    ['study-mode-not-taken', { ...atOrdinary(null, 'fullTime'), enrolment: { majorCode: null, studyMode: 'partTime' } }, {}],
    ['repeated-too-often', { student: { repeats: policy.limits.repeatYears } }, { student: { repeats: policy.limits.repeatYears - 1 } }],
  ],
  changeMajor: [
    ['same-major', { details: { majorCode: '710201' } }, { details: { majorCode: '710202' } }],
    ['grade-out-of-reach', { details: { grade: '2029' } }, { details: { grade: '2028' } }],
    ['grade-out-of-reach', { details: { grade: '2025' } }, { details: { grade: '2026' } }],
    ...placed('2026', '710205', 'fullTime', false),
    ...classed('2026', '710205'),
  ],
  changeStudyMode: [
    ['same-study-mode', { details: { studyMode: 'fullTime' } }, { details: { studyMode: 'partTime' } }],
    ...placed('2025', '710201', 'partTime'),
    ['length-not-offered', { ...at(offer('2025', '710201', 'partTime')), details: { lengthYears: 4 } }, { details: { lengthYears: 4 } }],
    ['leaving-contradicts-length', { details: { lengthYears: 1 } }, { details: { lengthYears: 2 } }],
  ],
  suspension: suspensions(policy),
  resumption: [],
  withdrawal: [
    overTerm({}),
    [
      'suspension-not-expired',
      {
        ...bySchool('notResumed'),
        enrolment: { state: 'suspended', suspendedUntil: addDays(TODAY, -policy.limits.resumptionGraceDays) },
      },
      {
        ...bySchool('notResumed'),
        enrolment: { state: 'suspended', suspendedUntil: addDays(TODAY, -policy.limits.resumptionGraceDays - 1) },
      },
    ],
    ['suspension-not-expired', bySchool('notResumed'), bySchool('absence')],
    ['suspended-too-short', suspendedSince('2024-09-04'), suspendedSince('2024-09-03')],
    ['suspended-too-short', bySchool('suspendedTwoYears'), bySchool('absence')],
    ['application-missing', { facts: { application: undefined } }, { ...bySchool('absence'), facts: { application: undefined } }],
    ['applicant-contradicts-ground', { ...bySchool('ownApplication') }, { facts: { application: asked('studentAndGuardian') } }],
    ['applicant-contradicts-ground', { ...bySchool('absence'), facts: { application: asked('student') } }, bySchool('absence')],
  ],
  deregistration: [],
  death: [
    ['date-in-future', { details: { diedOn: addDays(TODAY, 1) } }, { details: { diedOn: TODAY } }],
    ['date-before-enrolment', { details: { diedOn: '2025-08-31' } }, { details: { diedOn: '2025-09-01' } }],
    ['date-before-enrolment', { details: { effectiveOn: '2025-08-31' } }, { details: { effectiveOn: '2025-09-01' } }],
    NOT_AHEAD,
  ],
  infoCorrection: CORRECTIONS,
  studyCorrection: STUDY_CORRECTIONS,
  registrationException: [
    ['amendments-missing', { details: { action: 'amend' } }, { details: { action: 'amend', fields: ['name'] } }],
    ['document-invalid', amending({ ...NUMBER, documentNumber: '330106201001011230' }), amending(NUMBER)],
    ['amendments-not-taken', { details: { fields: ['name'] } }, { details: { fields: [] } }],
    ['document-invalid', amending({ documentType: 'residentId' }), amending({ name: '李四' })],
    ['document-invalid', amending({ ...NUMBER, sex: 'female' }), amending({ ...NUMBER, sex: 'male' })],
    [
      'date-in-future',
      { ...amendingAPassport(addDays(TODAY, 1)), enrolment: { enrolledOn: addDays(TODAY, 2) } },
      { ...amendingAPassport(TODAY), enrolment: { enrolledOn: addDays(TODAY, 2) } },
    ],
    ['birth-after-enrolment', amendingAPassport('2025-09-01'), amendingAPassport('2025-08-31')],
    NOT_AHEAD,
    ['not-in-dispute', { facts: { dispute: undefined } }, {}],
    ['duplicate-being-ruled', { facts: { dispute: { beingRuled: true } } }, { facts: { dispute: { beingRuled: false } } }],
  ],
  reinstatement: [
    ['nothing-to-undo', { facts: { cited: undefined } }, {}],
    ['change-not-latest', { facts: { cited: { kind: 'withdrawal', state: 'approved', isLatest: false } } }, {}],
    ['nothing-to-undo', { facts: { cited: { kind: 'withdrawal', state: 'rejected', isLatest: true } } }, {}],
    [
      'certificate-stands',
      {
        facts: { cited: { kind: 'graduation', state: 'approved', isLatest: true, certificateOut: true } },
        details: { ground: 'enteredByMistake' },
      },
      { facts: { cited: { kind: 'graduation', state: 'approved', isLatest: true, certificateOut: true } }, details: { ground: 'revoked' } },
    ],
    ['school-closed', { facts: { destination: { ...EAST, closed: true } } }, { facts: { destination: EAST } }],
    [
      'effective-date-out-of-range',
      { enrolment: { since: TODAY }, details: { effectiveOn: addDays(TODAY, -1) } },
      { enrolment: { since: TODAY }, details: { effectiveOn: TODAY } },
    ],
    // What a ruling or a claim has settled is no slip of a school; an undoing is undone by the change itself.
    ...(['duplicateRuling', 'registrationException', 'reinstatement'] as const).map((kind): Asked => [
      'nothing-to-undo',
      { facts: { cited: { kind, state: 'approved', isLatest: true } } },
      { facts: { cited: { kind: 'transfer', state: 'approved', isLatest: true } } },
    ]),
  ],
});

/** Registered in a term that began today, or yesterday. */
const overTerm = (details: object): Asked => {
  const registeredOn = (firstDay: string) => ({ details, student: { registeredTerms: [{ firstDay, dueDate: addDays(firstDay, 28) }] } });
  return ['over-registered-term', registeredOn(TODAY), registeredOn(addDays(TODAY, -1))];
};

function suspensions({ limits }: Policy): readonly Asked[] {
  const latest = monthsLater(TODAY, limits.suspensionMonths);
  return [
    ['suspension-ends-before-it-begins', { details: { until: TODAY } }, { details: { until: addDays(TODAY, 1) } }],
    ['suspension-too-long', { details: { until: addDays(latest, 1) } }, { details: { until: latest } }],
    overTerm({ until: latest }),
    ['suspended-too-often', { student: { suspensions: limits.suspensions } }, { student: { suspensions: limits.suspensions - 1 } }],
    [
      'suspended-too-often',
      { student: { suspensions: limits.suspensions } },
      { student: { suspensions: 9 }, details: { ground: 'military', until: '2031-01-01' } },
    ],
  ];
}

/** Named alone, without the direction of the sound filing. */
const named = (details: object): Change => ({ details: { majorDirection: undefined, ...details } });
const enteredOn = (enrolledOn: string): Change => ({ ...named({ enrolledOn }), student: { birthDate: '2010-01-01' } });
const another = (details: object, ...offers: Offer[]): Change => ({ ...at(...offers), ...named(details) });
const direction = (majorCode: string | null, track: 'vocational' | 'ordinary'): Change => ({
  student: { source: { id: 'west', track } },
  enrolment: { majorCode },
});

const STUDY_CORRECTIONS: readonly Asked[] = [
  ['nothing-to-change', named({}), {}],
  ['value-not-changed', named({ grade: '2025', lengthYears: 3.5 }), named({ lengthYears: 3.5 })],
  ['value-not-changed', { enrolment: { majorDirection: '移动应用开发' } }, { enrolment: { majorDirection: '网络安全' } }],
  NOT_AHEAD,
  [
    'effective-date-out-of-range',
    { enrolment: { since: TODAY }, details: { effectiveOn: addDays(TODAY, -1) } },
    { enrolment: { since: TODAY }, details: { effectiveOn: TODAY } },
  ],
  ['birth-after-enrolment', { ...enteredOn('2025-08-01'), student: { birthDate: '2025-08-01' } }, enteredOn('2025-08-01')],
  ['entry-in-future', enteredOn(addDays(TODAY, 32)), enteredOn(addDays(TODAY, 31))],
  ['grade-contradicts-entry', named({ grade: '2034' }), named({ grade: '2033' })],
  ['grade-contradicts-entry', named({ enrolledOn: '2016-09-01' }), named({ enrolledOn: '2017-09-01' })],
  ['leaving-contradicts-length', named({ lengthYears: 1 }), named({ lengthYears: 2 })],
  [
    'major-not-offered',
    another({ grade: '2026' }, offer('2025', '710201', 'fullTime')),
    another({ grade: '2026' }, offer('2026', '710201', 'fullTime')),
  ],
  ['study-mode-not-licensed', another({ grade: '2026' }, offer('2026', '710201', 'partTime')), named({ grade: '2026' })],
  ['length-not-offered', another({ lengthYears: 4 }, offer('2025', '710201', 'fullTime')), named({ lengthYears: 4 })],
  ['major-required', { ...named({ grade: '2026' }), ...direction(null, 'vocational') }, named({ grade: '2026' })],
  ['major-not-taken', { ...named({ grade: '2026' }), ...direction('710201', 'ordinary') }, named({ enrolledOn: '2025-08-01' })],
  [
    'study-mode-not-taken',
    { ...named({ grade: '2026' }), ...direction(null, 'ordinary'), enrolment: { majorCode: null, studyMode: 'partTime' } },
    {},
  ],
  ['major-required', direction(null, 'vocational'), {}],
  ['major-not-taken', direction(null, 'ordinary'), {}],
];

/** With a document that does not hold the birth date. */
const bornOn = (birthDate: string): Change => corrected({ documentType: 'passport', documentNumber: 'E12345678', birthDate });

const CORRECTIONS: readonly Asked[] = [
  ['nothing-to-change', corrected({}), corrected({ name: '李四' })],
  ['value-not-changed', corrected({ name: '张三' }), corrected({ name: '李四' })],
  ['document-incomplete', corrected({ documentType: 'passport' }), numbered('E12345678', 'passport')],
  ['document-in-use', taken(SOUND_NUMBER), SOUND_NUMBER],
  ['document-incomplete', corrected({ documentNumber: '330106201001011272' }), SOUND_NUMBER],
  ['document-format', numbered('!', 'passport'), numbered('E12345678', 'passport')],
  ['document-check-digit', numbered('330106201001011230'), SOUND_NUMBER],
  ['document-province-unknown', numbered('990106201001011232'), SOUND_NUMBER],
  ['document-birth-date-invalid', numbered('330106201013011237'), SOUND_NUMBER],
  ['document-type-differs', numbered('810000201001011230'), SOUND_NUMBER],
  ['document-birth-date-differs', corrected({ birthDate: '2009-09-09' }), corrected({ name: '李四' })],
  ['document-sex-differs', corrected({ sex: 'female' }), corrected({ name: '李四' })],
  ['date-in-future', { details: { proofReceivedOn: addDays(TODAY, 1) } }, { details: { proofReceivedOn: TODAY } }],
  ['date-before-enrolment', { details: { proofReceivedOn: '2025-08-31' } }, { details: { proofReceivedOn: '2025-09-01' } }],
  ['date-before-enrolment', { details: { effectiveOn: '2025-08-31' } }, { details: { effectiveOn: '2025-09-01' } }],
  ['birth-after-enrolment', bornOn('2025-09-01'), bornOn('2025-08-31')],
  NOT_AHEAD,
];
