/** One interpreter under each kind's name, so that the Temporal UI lists cases by kind. */
export {
  changeRequest as transfer,
  changeRequest as crossTrackTransfer,
  changeRequest as repeatYear,
  changeRequest as changeMajor,
  changeRequest as changeStudyMode,
  changeRequest as suspension,
  changeRequest as resumption,
  changeRequest as withdrawal,
  changeRequest as deregistration,
  changeRequest as death,
  changeRequest as infoCorrection,
  changeRequest as studyCorrection,
  changeRequest as registrationException,
  changeRequest as reinstatement,
} from './change-request.workflow.js';
export { order } from './order.workflow.js';

/** One job for both, under the name of each. */
export { organisationChange as schoolMerger, organisationChange as schoolClosure } from './school-merger.workflow.js';
export { duplicateRuling } from './ruling.workflow.js';
export { intake, graduation } from './batches.workflow.js';
