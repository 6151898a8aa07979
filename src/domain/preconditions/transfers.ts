import type { TransferKind } from '../procedure.js';
import { blocker } from '../refusal.js';
import type { OwnRule, Rules, StudentRule } from './facts.js';

const destinationDiffers: StudentRule<TransferKind> = ({ source }, { destination }) =>
  destination?.id === source.id ? blocker('same-school', 'filer', '/details/destinationSchoolId') : undefined;
const rightTrack: StudentRule<TransferKind> = ({ source }, { kind, destination }) =>
  destination && (kind === 'crossTrackTransfer') !== (source.track !== destination.track) ? blocker('wrong-track', 'filer') : undefined;
const destinationKnown: OwnRule<TransferKind> = (f) =>
  f.destination ? undefined : blocker('unknown-school', 'filer', '/details/destinationSchoolId');
const destinationOpen: OwnRule<TransferKind> = (f) =>
  f.destination?.closed ? blocker('school-closed', 'filer', '/details/destinationSchoolId') : undefined;
/** Both directions are allowed unless a province narrows them (A14). */
const directionAllowed: OwnRule<TransferKind> = ({ kind, policy, destination }) =>
  kind === 'crossTrackTransfer' &&
  destination &&
  !policy.directions.includes(destination.track === 'vocational' ? 'toVocational' : 'toOrdinary')
    ? blocker('direction-not-allowed', 'destinationAuthority')
    : undefined;

const programmeKnown: OwnRule<TransferKind> = ({ details, programme }) =>
  'jointProgrammeId' in details && details.jointProgrammeId !== undefined && !programme
    ? blocker('unknown-joint-programme', 'filer', '/details/jointProgrammeId')
    : undefined;
/** Both schools, the major and the intake stand in the agreement, which runs on that day (A24). */
const programmeCovers: StudentRule<TransferKind> = ({ source, enrolment }, { programme, destination, today }) => {
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
export const TRANSFERS: Rules<TransferKind> = {
  student: [destinationDiffers, rightTrack, programmeCovers],
  own: [destinationKnown, destinationOpen, directionAllowed, programmeKnown],
};
