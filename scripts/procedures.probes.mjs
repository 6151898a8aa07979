/**
 * Facts of a filing that nothing speaks against, for each kind, and ways to spoil them: scripts/procedures.mjs asks the domain about both.
 */

/** In the holidays before a term, and in its first week: one of them lies in every window. */
export const DAYS = ['2026-08-03', '2026-09-03'];
const TODAY = DAYS[0];
const school = (id, track, closed = false) => ({ id, track, closed });

const DETAILS = {
  transfer: { destinationSchoolId: 'b' },
  crossTrackTransfer: { destinationSchoolId: 'b' },
  changeMajor: { majorCode: '710205', ground: 'aptitude' },
  changeStudyMode: { studyMode: 'partTime' },
  suspension: { ground: 'illness', until: '2027-01-31' },
  withdrawal: { ground: 'ownApplication' },
  deregistration: { cause: 'lapsed' },
  death: { diedOn: TODAY },
  infoCorrection: { fields: ['name'], proofReceivedOn: TODAY },
  studyCorrection: { majorDirection: '移动应用开发' },
  registrationException: { registrationId: 'g', action: 'corroborate', ground: 'studiesHere' },
  reinstatement: { requestId: 'r', ground: 'enteredByMistake' },
};

const CARD = { sex: 'male', birthDate: '2010-01-01', documentType: 'residentId', documentNumber: '33010620100101123X' };
const PASSPORT = { documentType: 'passport', documentNumber: 'E12345678' };
const correction = (changes) => ({ former: { name: '张三', ...CARD }, changes });

/** A filing of this kind under this policy, of a student in the state from which the kind may start. */
export const sound = (kind, policy, state, today) => ({
  kind,
  policy,
  today,
  evidence: 10,
  otherReviewers: 1,
  application: kind === 'withdrawal' ? { by: 'studentAndGuardian', on: TODAY } : undefined,
  details: DETAILS[kind] ?? {},
  student: {
    openRequest: false,
    openDeath: false,
    suspensions: 0,
    repeats: 0,
    source: school('a', 'vocational'),
    enrolment: {
      state,
      enrolledOn: '2025-09-01',
      expectedLeavingOn: '2028-07-01',
      validFrom: '2025-09-01',
      since: '2025-09-01',
      grade: '2025',
      majorCode: '710201',
      studyMode: 'fullTime',
      lengthYears: 3,
      suspendedUntil: state === 'suspended' ? '2026-12-31' : null,
    },
  },
  destination: school('b', kind === 'crossTrackTransfer' ? 'ordinary' : 'vocational'),
  cited: { kind: 'withdrawal', state: 'approved', isLatest: true },
  correction: correction({ name: '李四' }),
  dispute: { beingRuled: false },
});

/** What a school offers, whatever the change is about. */
const OFFERS = ['2025', '2026'].flatMap((intake) =>
  ['710201', '710205'].flatMap((majorCode) =>
    ['fullTime', 'partTime'].map((studyMode) => ({ intake, majorCode, studyMode, lengthYears: 3, entry: 'juniorMiddle' })),
  ),
);

const of = (change) => (f) => ({ ...f, ...change });
const student = (change) => (f) => ({ ...f, student: { ...f.student, ...change } });
const enrolment = (change) => (f) => student({ enrolment: { ...f.student.enrolment, ...change } })(f);
const details = (change) => (f) => ({ ...f, details: { ...f.details, ...change } });
/** Other new values than the sound ones. */
const correcting = (changes) => (f) => ({ ...f, details: { ...f.details, fields: Object.keys(changes) }, correction: correction(changes) });
const destination = (change) => (f) => ({ ...f, destination: { ...f.destination, ...change } });

/** Around a placement that nothing speaks against. */
export const placing = (kind, policy) => ({
  kind,
  policy,
  today: TODAY,
  enrolment: {
    grade: '2025',
    majorCode: '710201',
    expectedLeavingOn: '2028-07-01',
    validFrom: '2025-09-01',
    since: '2025-09-01',
    studyMode: 'fullTime',
    lengthYears: 3,
  },
  place: { track: 'vocational', offers: OFFERS },
});
/** A class that is not there, and one of another grade. */
const NAMED = [undefined, { grade: '2020', majorCode: '710201' }].map((open) => ({
  school: { id: 'a', name: '甲校' },
  outside: false,
  ...(open ? { open } : {}),
}));

/** Placements that a school is refused. */
export const PLACEMENTS = [
  (around) => [{ grade: '2024' }, around],
  (around) => [{ grade: '2035' }, around],
  (around) => [{ firstDay: '2000-01-01' }, around],
  (around) => [{}, { ...around, enrolment: { ...around.enrolment, majorCode: null } }],
  (around) => [{ majorCode: '730101' }, { ...around, place: { track: 'ordinary' } }],
  (around) => [{ majorCode: '730101' }, around],
  (around) => [{ majorCode: '730101' }, { ...around, place: { ...around.place, catalogue: 'none' } }],
  (around) => [{}, { ...around, enrolment: { ...around.enrolment, studyMode: 'workStudy' } }],
  ...NAMED.map((namedClass) => (around) => [{}, { ...around, namedClass }]),
];

/** Study data put right otherwise than in the sound filing. */
const studying =
  (change, more = (f) => f) =>
  (f) =>
    f.kind === 'studyCorrection' ? more({ ...f, details: { ...f.details, majorDirection: undefined, ...change } }) : f;
const offering =
  (...offers) =>
  (f) =>
    student({ source: { ...f.student.source, offers } })(f);
const atAnOrdinarySchool = (f) => student({ source: school('a', 'ordinary') })(f);

export const SPOILED = [
  studying({}),
  studying({ grade: '2025' }),
  studying({ enrolledOn: '2027-09-01' }),
  studying({ enrolledOn: '2025-08-01' }, student({ birthDate: '2025-08-01' })),
  studying({ grade: '2034' }),
  studying({ lengthYears: 1 }),
  studying({ grade: '2026' }, enrolment({ majorCode: null })),
  studying({ grade: '2026' }, atAnOrdinarySchool),
  studying({ grade: '2026' }, (f) => enrolment({ majorCode: null, studyMode: 'partTime' })(atAnOrdinarySchool(f))),
  studying({ grade: '2026' }, offering()),
  studying({ grade: '2026' }, offering({ ...OFFERS[0], intake: '2026', studyMode: 'partTime' })),
  studying({ lengthYears: 4 }, offering(...OFFERS)),
  correcting({}),
  correcting({ name: '张三' }),
  correcting({ documentType: 'passport' }),
  (f) => ({ ...f, correction: { ...f.correction, documentTaken: true } }),
  correcting({ documentType: 'passport', documentNumber: '!' }),
  ...['330106201001011230', '990106201001011232', '330106201013011237', '810000201001011230'].map((documentNumber) =>
    correcting({ documentType: 'residentId', documentNumber }),
  ),
  correcting({ sex: 'female' }),
  correcting({ birthDate: '2009-09-09' }),
  of({ destination: undefined }),
  destination({ id: 'a' }),
  destination({ closed: true }),
  (f) => destination({ track: f.kind === 'transfer' ? 'ordinary' : 'vocational' })(f),
  (f) => ({ ...f, policy: { ...f.policy, directions: [] } }),
  enrolment({ state: 'graduated' }),
  enrolment({ state: 'pending' }),
  student({ openRequest: true }),
  student({ openDeath: true }),
  student({ beingRuled: true }),
  student({ graduation: { code: '2027-1', number: '2027-0000001' } }),
  (f) => (f.kind === 'crossTrackTransfer' ? { ...f, student: undefined } : f),
  of({ evidence: 0 }),
  of({ otherReviewers: 0 }),
  of({ strangeEvidence: true }),
  of({ application: { by: 'studentAndGuardian', on: '2030-01-01' } }),
  of({ application: { by: 'studentAndGuardian', on: '2020-01-01' } }),
  of({ application: { by: 'guardian', on: TODAY } }),
  of({ application: { by: 'school', on: TODAY } }),
  of({ application: undefined }),
  (f) => (f.kind === 'withdrawal' ? details({ ground: 'suspendedTwoYears' })(f) : f),
  details({ effectiveOn: '2020-01-01' }),
  details({ diedOn: '2020-01-01' }),
  details({ proofReceivedOn: '2020-01-01' }),
  correcting({ ...PASSPORT, birthDate: '2025-12-01' }),
  (f) => (f.kind === 'registrationException' ? correcting({ ...PASSPORT, birthDate: '2025-12-01' })(details({ action: 'amend' })(f)) : f),
  details({ majorCode: '730101' }),
  of({ otherReviewers: 2, confirmers: 1 }),
  (f) => (f.kind === 'registrationException' ? correcting({ documentType: 'residentId' })(details({ action: 'amend' })(f)) : f),
  (f) => (f.kind === 'registrationException' ? correcting({ ...PASSPORT, birthDate: '2030-01-01' })(details({ action: 'amend' })(f)) : f),
  details({ effectiveOn: '2028-01-01' }),
  enrolment({ enrolledOn: '2026-07-01' }),
  enrolment({ expectedLeavingOn: '2026-09-01' }),
  of({ today: '2026-04-01' }),
  details({ grade: '2020' }),
  details({ grade: '2035' }),
  details({ majorCode: '710201' }),
  details({ studyMode: 'fullTime' }),
  details({ until: '2026-01-01' }),
  details({ until: '2030-01-01' }),
  student({ suspensions: 9 }),
  student({ repeats: 9 }),
  student({ openCorrection: true }),
  (f) => ({ ...student({ minor: true, guardianOnRecord: false })(f), application: { by: 'guardian', on: f.today } }),
  student({ registeredTerms: [{ firstDay: '2026-09-01', dueDate: '2026-09-29' }] }),
  (f) => (f.kind === 'withdrawal' ? details({ ground: 'notResumed' })(f) : f),
  details({ diedOn: '2030-01-01' }),
  details({ proofReceivedOn: '2030-01-01' }),
  of({ cited: undefined }),
  of({ cited: { kind: 'withdrawal', state: 'approved', isLatest: false } }),
  (f) => ({
    ...f,
    details: { ...f.details, ...(f.kind === 'reinstatement' ? { ground: 'enteredByMistake' } : {}) },
    cited: { kind: 'graduation', state: 'approved', isLatest: true, certificateOut: true },
  }),
  of({ dispute: undefined }),
  of({ dispute: { beingRuled: true } }),
  (f) => (f.kind === 'registrationException' ? details({ action: 'amend' })(f) : f),
  (f) => (f.kind === 'transfer' ? details({ jointProgrammeId: 'unknown' })(f) : f),
  (f) =>
    f.kind === 'transfer'
      ? { ...f, programme: { schoolIds: [], majorCodes: [], intakeYear: '2025', from: '2025-01-01', to: '2030-01-01' } }
      : f,
  (f) => student({ source: { ...f.student.source, offers: [] } })(f),
  (f) => student({ source: { ...f.student.source, catalogue: 'none' } })(f),
  (f) => student({ source: { ...f.student.source, offers: OFFERS.map((offer) => ({ ...offer, studyMode: 'workStudy' })) } })(f),
  ...NAMED.map((namedClass) => (f) => student({ source: { ...f.student.source, namedClass } })(f)),
  (f) => details({ lengthYears: 5 })(student({ source: { ...f.student.source, offers: OFFERS } })(f)),
  details({ lengthYears: 1 }),
  enrolment({ majorCode: null }),
  (f) => student({ source: school('a', 'ordinary') })(f),
  (f) => enrolment({ majorCode: null, studyMode: 'partTime' })(student({ source: school('a', 'ordinary') })(f)),
  (f) => details({ studyMode: 'workStudy' })(enrolment({ majorCode: null })(student({ source: school('a', 'ordinary') })(f))),
  (f) => enrolment({ enrolledOn: '2026-07-01' })(details({ ground: 'startingBusiness' })(f)),
  (f) =>
    f.kind === 'crossTrackTransfer'
      ? enrolment({ expectedLeavingOn: '2027-02-01' })(
          destination({ track: 'vocational' })({ ...f, student: { ...f.student, source: school('a', 'ordinary') } }),
        )
      : f,
  (f) => of({ today: '2026-08-20' })(f),
  (f) => student({ minor: true })(of({ application: { by: 'guardian', on: TODAY } })(f)),
  (f) => ({
    ...f,
    policy: {
      ...f.policy,
      kinds: { ...f.policy.kinds, [f.kind]: { ...f.policy.kinds[f.kind], evidence: [{ id: 'x', zh: '材料', en: 'paper' }] } },
    },
  }),
  of({ proofs: [{ item: 'nothing', handedIn: true }] }),
  student({ openIrregularity: true }),
  student({ suspendedDays: 2000 }),
  enrolment({ grade: '2022' }),
  (f) => student({ source: { ...f.student.source, repeating: { students: 10, repeats: 5 } } })(f),
];
