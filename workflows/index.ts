/** One interpreter under each kind's name, so that the Temporal UI lists cases by kind. */
export { changeRequest as transfer, changeRequest as crossTrackTransfer } from './change-request.workflow.js';
