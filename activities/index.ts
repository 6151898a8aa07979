import { dossierActivities } from './dossier.js';
import { orderActivities } from './orders.js';
import { organisationChangeActivities } from './organisation-changes.js';
import { taskActivities } from './tasks.js';
import type { ProcessDeps } from './perform.js';

/** The process's activities over their dependencies. Workflows see only this function's type. */
export const createActivities = (deps: ProcessDeps) => ({
  ...taskActivities(deps),
  ...dossierActivities(deps),
  ...orderActivities(deps),
  ...organisationChangeActivities(deps),
});
export type Activities = ReturnType<typeof createActivities>;
