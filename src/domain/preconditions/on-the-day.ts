/**
 * What must hold again on the day of a change that waited for it, beside what its effect judges itself (A20, decision 0049).
 * Everything else is of the day of filing: who applied and when, evidence, windows and deadlines, how often a change was made.
 */
export const JUDGED_AGAIN: ReadonlySet<string> = new Set([
  'noOpenRequest',
  'notBeingRuled',
  'notLeaving',
  'rightTrack',
  'programmeKnown',
  'programmeCovers',
  'gradeLater',
  'gradeInReach',
  'gradeOffered',
  'majorDiffers',
  'majorOffered',
  'studyModeDiffers',
  'studyModeOffered',
  'leavingStillAhead',
  'citesWhatMayBeUndone',
  'otherSchoolOpen',
  'noOpenIrregularity',
]);
