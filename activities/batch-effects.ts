import type { BatchEffects } from '../src/cases/batches.js';

/** How each kind of batch takes effect, page by page. */
export const BATCH_EFFECTS: BatchEffects = {};
