import type { TransferKind } from '../procedure/procedure.js';
import { blocker } from '../refusal.js';
import { coded, type OwnRule, type Rules, type StudentRule } from './facts.js';

const destinationDiffers: StudentRule<TransferKind> = ({ source }, { destination }) =>
  destination?.id === source.id ? blocker('same-school', 'filer', '/details/destinationSchoolId') : undefined;
const rightTrack: StudentRule<TransferKind> = ({ source }, { kind, destination }) =>
  destination && (kind === 'crossTrackTransfer') !== (source.track !== destination.track) ? blocker('wrong-track', 'filer') : undefined;
const destinationKnown: OwnRule<TransferKind> = (f) =>
  f.destination ? undefined : blocker('unknown-school', 'filer', '/details/destinationSchoolId');
const destinationOpen: OwnRule<TransferKind> = (f) =>
  f.destination?.closed ? blocker('school-closed', 'filer', '/details/destinationSchoolId') : undefined;
/** Nobody decides two steps of a case (invariant 2). So another reviewer of the source school confirms, and neither is the filer. */
const enoughToConfirm: StudentRule<TransferKind> = (_student, { kind, confirmers, otherReviewers }) => {
  const saidAlready = kind === 'transfer' && otherReviewers === 0;
  return confirmers !== undefined && confirmers < 2 && !saidAlready ? blocker('too-few-reviewers', 'sourceAuthority') : undefined;
};
/** Both directions are allowed unless a province narrows them (A14). */
const directionAllowed: OwnRule<'crossTrackTransfer'> = ({ policy, destination }) =>
  destination && !policy.directions.includes(destination.track === 'vocational' ? 'toVocational' : 'toOrdinary')
    ? blocker('direction-not-allowed', 'destinationAuthority')
    : undefined;

const programmeKnown: OwnRule<'transfer'> = ({ details, programme }) =>
  details.jointProgrammeId !== undefined && !programme
    ? blocker('unknown-joint-programme', 'filer', '/details/jointProgrammeId')
    : undefined;
/** Both schools, the major and the intake stand in the agreement, which runs on that day (A24). */
const programmeCovers: StudentRule<'transfer'> = ({ source, enrolment }, { programme, destination, today }) => {
  if (!programme || !destination) return undefined;
  const { schoolIds, majorCodes, intakeYear, from, to } = programme;
  const covered =
    [source.id, destination.id].every((id) => schoolIds.includes(id)) &&
    majorCodes.includes(enrolment.majorCode ?? '') &&
    enrolment.grade === intakeYear &&
    from <= today &&
    today <= to;
  return covered ? undefined : blocker('joint-programme-not-covering', 'filer', '/details/jointProgrammeId');
};

/** Art 14: between two schools, and between the tracks. */
const BETWEEN_SCHOOLS: Rules<TransferKind> = {
  student: {
    destinationDiffers: coded('same-school', destinationDiffers),
    rightTrack: coded('wrong-track', rightTrack),
    enoughToConfirm: coded('too-few-reviewers', enoughToConfirm),
  },
  own: {
    destinationKnown: coded('unknown-school', destinationKnown),
    destinationOpen: coded('school-closed', destinationOpen),
  },
};
export const TRANSFER: Rules<'transfer'> = {
  student: { ...BETWEEN_SCHOOLS.student, programmeCovers: coded('joint-programme-not-covering', programmeCovers) },
  own: { ...BETWEEN_SCHOOLS.own, programmeKnown: coded('unknown-joint-programme', programmeKnown) },
};
export const CROSS_TRACK_TRANSFER: Rules<'crossTrackTransfer'> = {
  student: BETWEEN_SCHOOLS.student,
  own: { ...BETWEEN_SCHOOLS.own, directionAllowed: coded('direction-not-allowed', directionAllowed) },
};
