/**
 * The ruling on a duplicate registration (Art 11, R-12): one step at the lowest proper common superior, which asks for a result. It is the
 * process of a change request under its own name (docs/decisions/0013-duplicate-rulings.md).
 */
export { changeRequest as duplicateRuling } from './change-request.workflow.js';
