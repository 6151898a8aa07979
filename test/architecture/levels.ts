/** The rooms of the product, lowest first: a folder imports only from the lines above its own, types included. */
import type { Source } from './source.js';

export const LEVELS: readonly (readonly string[])[] = [
  // Pure rules.
  ['src/domain/messages'],
  ['src/domain'],
  ['src/domain/procedure'],
  ['src/domain/dossier', 'src/domain/policy', 'workflows/messages'],
  ['src/domain/case', 'src/domain/graduation', 'src/domain/terms'],
  ['src/domain/preconditions'],
  ['src/domain/packs'],
  // The ground: it knows no slice.
  ['src/platform/database/migrations'],
  ['src/platform/database'],
  ['src/platform'],
  ['src/platform/http', 'src/platform/ledger'],
  ['src/platform/access'],
  // What several slices share, and slices that stand on it alone.
  ['src/code-sets', 'src/jobs', 'src/platform/temporal', 'src/sheets'],
  ['src/organisations'],
  [
    'src/calendar',
    'src/classes',
    'src/drafts',
    'src/events',
    'src/late-windows',
    'src/notifications',
    'src/people',
    'src/service-accounts',
    'src/sessions',
  ],
  ['src/cases', 'src/mail', 'src/policies'],
  ['src/dossier', 'src/filing-notices', 'src/health', 'src/school-terms'],
  ['src/dossier/disputes', 'src/evidence', 'src/identity'],
  ['src/certificates'],
  ['src/admissions', 'src/demo', 'src/dossier/effects', 'src/orders', 'src/registers', 'src/registrations'],
  // Slices over the engine.
  ['src/deadlines', 'src/intakes', 'src/requests', 'src/statistics', 'src/students'],
  ['src/data-checks', 'src/subsidies'],
  ['src/exports'],
  ['src/operations', 'src/requests/batch', 'src/requests/forms', 'src/rosters', 'src/tasks', 'src/verifications'],
  ['src/graduations', 'src/imports', 'src/joint-programmes', 'src/organisation-changes', 'src/own-dossier', 'src/supervision'],
  // Processes and their composition.
  ['activities'],
  ['src/app', 'workflows'],
  ['src/programs/audit', 'src/programs/demonstration'],
  ['src/programs'],
  ['src', 'src/programs/establish'],
];

const levelOf = new Map(LEVELS.flatMap((rooms, level) => rooms.map((room) => [room, level] as const)));

/** The room of a file or of an imported module; the messages of workflows are a room of their own, because `src` sends them. */
export function roomOf(path: string): string {
  const module = path.replace(/\.c?ts$/, '');
  return module === 'workflows/messages' ? module : module.slice(0, Math.max(0, module.lastIndexOf('/')));
}

const isProduct = (path: string): boolean => /^(src|workflows|activities)\//.test(path);

/** What of a file's imports does not come from a lower level, and the file's own room when the table lacks it. */
export function breaksLevels({ file, imports }: Source): string[] {
  if (!isProduct(file)) return [];
  const room = roomOf(file);
  const level = levelOf.get(room);
  if (level === undefined) return [`${room} has no level`];
  return imports
    .filter(({ target }) => isProduct(target) && roomOf(target) !== room)
    .filter(({ target }) => !((levelOf.get(roomOf(target)) ?? Infinity) < level))
    .map(({ target }) => target);
}
