import { correctedStudy, namedIn, STUDY_DAYS, type StudyField } from '../dossier/study-data.js';
import { daysFaults, placeFault, type StudyFault } from '../dossier/study.js';
import type { MessageCode } from '../messages/messages.js';
import { blocker } from '../refusal.js';
import { PLACE_CODES } from './changes.js';
import { coded, outOfRange, type AboutEnrolment, type Rules, type StudentRule } from './facts.js';

type Rule = StudentRule<'studyCorrection'>;

const present = ({ majorDirection = null, ...enrolment }: AboutEnrolment) => ({ ...enrolment, majorDirection });

/** In which of the named values a contradiction lies: the one that it is about, else what it follows from. */
const LIES_IN: Readonly<Record<StudyFault['field'], readonly StudyField[]>> = {
  birthDate: ['enrolledOn'],
  enrolledOn: ['enrolledOn'],
  grade: ['grade', 'enrolledOn', 'lengthYears'],
  lengthYears: ['lengthYears', 'grade'],
  expectedLeavingOn: ['lengthYears', 'grade', 'enrolledOn'],
  majorCode: ['grade', 'lengthYears'],
  studyMode: ['grade', 'lengthYears'],
};
const refused = ({ code, field }: StudyFault, named: readonly StudyField[]) =>
  blocker(code, 'filer', `/details/${LIES_IN[field].find((one) => named.includes(one)) ?? ''}`);

const eachValueDiffers: Rule = ({ enrolment }, { details }) =>
  namedIn(details)
    .filter((field) => details[field] === present(enrolment)[field])
    .map((field) => blocker('value-not-changed', 'filer', `/details/${field}`));

const notBeforeThePresent: Rule = ({ enrolment: { since } }, { details: { effectiveOn: on } }) =>
  on !== undefined && on < since ? outOfRange : undefined;

const DAYS_CODES = [
  'birth-after-enrolment',
  'entry-in-future',
  'grade-contradicts-entry',
  'leaving-contradicts-length',
] as const satisfies MessageCode[];

/** What is put right holds together: grade, entry, length and leaving day. Nobody has left already by a correction. */
const daysAgree: Rule = ({ enrolment, birthDate }, { details, today }) => {
  const named = STUDY_DAYS.filter((field) => details[field] !== undefined);
  if (named.length === 0) return undefined;
  const study = correctedStudy(present(enrolment), details);
  const faults = daysFaults({ ...study, birthDate }, today, false);
  const left = study.expectedLeavingOn !== enrolment.expectedLeavingOn && study.expectedLeavingOn <= today;
  if (left) faults.push({ code: 'leaving-contradicts-length', field: 'expectedLeavingOn' });
  return faults.map((fault) => refused(fault, named));
};

/** What the school offers to that intake in that length is what a student of it studies. */
const studyOffered: Rule = ({ enrolment, source }, { details }) => {
  const named = namedIn(details);
  if (!named.includes('grade') && !named.includes('lengthYears')) return undefined;
  const fault = placeFault(correctedStudy(present(enrolment), details), source);
  return fault && refused(fault, named);
};

/** A direction is one of a major, which an ordinary school has not. */
const directionOfAMajor: Rule = ({ enrolment: { majorCode }, source }, { details: { majorDirection } }) => {
  if (majorDirection === undefined || majorCode !== null) return undefined;
  return blocker(source.track === 'ordinary' ? 'major-not-taken' : 'major-required', 'filer', '/details/majorDirection');
};

/** 学籍信息更正 (A11): study data that were entered wrongly are put right on proof; what was is kept. */
export const STUDY_CORRECTION: Rules<'studyCorrection'> = {
  own: {
    somethingChanges: coded('nothing-to-change', ({ details }) =>
      namedIn(details).length === 0 ? blocker('nothing-to-change', 'filer', '/details') : undefined,
    ),
  },
  student: {
    eachValueDiffers: coded('value-not-changed', eachValueDiffers),
    notBeforeThePresent: coded('effective-date-out-of-range', notBeforeThePresent),
    daysAgree: coded(DAYS_CODES, daysAgree),
    studyOffered: coded([...PLACE_CODES, 'length-not-offered'], studyOffered),
    directionOfAMajor: coded(['major-required', 'major-not-taken'], directionOfAMajor),
  },
};
