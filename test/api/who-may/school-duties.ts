import { CLASS_DUTIES } from './class-duties.js';
import { DATA_CHECK_DUTIES } from './data-check-duties.js';
import { GRADUATION_DUTIES } from './graduation-duties.js';
import type { OfficeDuty } from './offices.js';
import { TERM_DUTIES } from './term-duties.js';

/** What a school does with its students year by year: places them in classes, registers them for terms, and lets them leave. */
export const SCHOOL_DUTIES: readonly OfficeDuty[] = [...CLASS_DUTIES, ...TERM_DUTIES, ...GRADUATION_DUTIES, ...DATA_CHECK_DUTIES];
