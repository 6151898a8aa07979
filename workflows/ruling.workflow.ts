/**
 * The ruling on a duplicate registration (Art 11, R-12): one step, at the lowest proper common superior, that asks for a result. It is
 * the same level-triggered process over its own request's acts, under its own name; see docs/decisions/0013-duplicate-rulings.md.
 */
export { changeRequest as duplicateRuling } from './change-request.workflow.js';
