/**
 * Cases about whole groups (Art 9, Art 18): the process of a change request under their own names. The route differs, and the effect, which
 * is made page by page (docs/decisions/0072-the-life-of-a-dossier.md).
 */
export { changeRequest as intake, changeRequest as graduation } from './change-request.workflow.js';
