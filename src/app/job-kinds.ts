import { archiveOfClass, issuingOfClass } from '../certificates/class-jobs.js';
import { exportJobs } from '../exports/export-jobs.js';
import { importJob } from '../imports/import-job.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { Config } from '../platform/config.js';
import { PolicyStore } from '../policies/policies.store.js';
import type { BackgroundDeps } from './background.js';

/** Every kind of job that a worker does; a slice adds its own. */
export const jobKinds = ({ publicUrl, dataDir }: Config, deps: BackgroundDeps): readonly JobKind[] => [
  importJob(deps),
  issuingOfClass({ clock: deps.clock, cipher: deps.cipher, publicUrl }),
  archiveOfClass({ db: deps.db, cipher: deps.cipher, dataDir }),
  ...(exportJobs({ ...deps, policies: new PolicyStore() }) as readonly JobKind[]),
];
