import { importJob } from '../imports/import-job.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { Config } from '../platform/config.js';
import type { BackgroundDeps } from './background.js';

/** Every kind of job that a worker does; a slice adds its own. */
export const jobKinds = (_config: Config, deps: BackgroundDeps): readonly JobKind[] => [importJob(deps)];
