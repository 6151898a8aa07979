import type { BatchEffects } from '../src/cases/batches.js';
import { graduationEffect } from '../src/graduations/effect.js';
import { reviewNextRows } from '../src/intakes/effect.js';

/** How each kind of batch takes effect, page by page. */
export const BATCH_EFFECTS: BatchEffects = { intake: reviewNextRows, graduation: graduationEffect };
