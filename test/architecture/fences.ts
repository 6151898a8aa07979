/** The arrows of the layout as predicates over one file. Each names what it forbids and carries a planted violation it must see. */
import { builtinModules } from 'node:module';
import { breaksLevels } from './levels.js';
import type { Import, Source } from './source.js';

export interface Fence {
  readonly sentence: string;
  /** What in this file breaks the fence; empty when nothing does. */
  readonly broken: (source: Source) => readonly string[];
  /** A file and a text that break it. */
  readonly planted: readonly [file: string, text: string];
}

const isBuiltin = (target: string): boolean => target.startsWith('node:') || builtinModules.includes(target.split('/')[0] ?? '');
const isPackage = (target: string): boolean => !/^(src|workflows|activities|local|test|bench|scripts)\//.test(target);
const within = (folder: string) => (source: Source) => source.file.startsWith(`${folder}/`);
const targets = (imports: readonly Import[]): string[] => imports.map((each) => each.target);

/** Imports that `forbidden` names, in files that `where` names. */
const noImport =
  (where: (source: Source) => boolean, forbidden: (each: Import, source: Source) => boolean): Fence['broken'] =>
  (source) =>
    where(source) ? targets(source.imports.filter((each) => forbidden(each, source))) : [];

const noMember =
  (where: (source: Source) => boolean, ...forbidden: string[]): Fence['broken'] =>
  (source) =>
    where(source) ? forbidden.filter((member) => source.members.has(member)) : [];

const product = (source: Source): boolean => /^(src|workflows|activities)\//.test(source.file);
/** Writers of acts of many streams at once, each with the rows that follow from them. */
const WRITERS: readonly string[] = [
  'src/cases/cases.store.ts',
  'src/cases/open-cases.ts',
  'src/dossier/registering.ts',
  'src/imports/applying-people.ts',
  'src/organisation-changes/move-dossiers.ts',
  'src/programs/seed.ts',
  'src/registrations/intake.ts',
];
const processes = /^src\/(main|worker|app\/app\.module)$/;

export const fences: readonly Fence[] = [
  {
    sentence: 'src/domain is pure: it imports only itself',
    broken: noImport(within('src/domain'), (each) => !each.target.startsWith('src/domain/')),
    planted: ['src/domain/planted.ts', `import { randomUUID } from 'node:crypto'; export const id = randomUUID;`],
  },
  {
    sentence: 'src/domain has no clock of its own: time is an argument',
    broken: noMember(within('src/domain'), 'Date.now', 'performance.now', 'Temporal.Now'),
    planted: ['src/domain/planted.ts', `export const today = () => Date.now();`],
  },
  {
    sentence: 'workflows import src/domain and, of activities, only types',
    broken: noImport(within('workflows'), ({ target, typeOnly }) =>
      isPackage(target)
        ? !/^@temporalio\/(workflow|common)(\/|$)/.test(target)
        : !/^(workflows|src\/domain)\//.test(target) && !(typeOnly && target.startsWith('activities/')),
    ),
    planted: ['workflows/planted.ts', `import { createActivities } from '../activities/index.js'; createActivities();`],
  },
  {
    sentence: 'workflows and src/domain know no Node built-in, not even as a type',
    broken: noImport(
      (source) => within('workflows')(source) || within('src/domain')(source),
      ({ target }) => isBuiltin(target),
    ),
    planted: ['workflows/planted.ts', `const fs = await import('fs/promises');`],
  },
  {
    sentence: 'workflows take their time from the workflow, never from the native Temporal',
    broken: noMember(within('workflows'), 'Temporal.Now', 'performance.now'),
    planted: ['workflows/planted.ts', `const now = Temporal.Now.instant();`],
  },
  {
    sentence: 'an act of a request is written by the store of cases alone, which brings the rows up to it',
    broken: noImport(
      (source) => product(source) && !WRITERS.includes(source.file),
      ({ names }) => ['appendFirst', 'appending', 'recordFirst'].some((name) => names.includes(name)),
    ),
    planted: ['src/tasks/planted.service.ts', `import { appending } from '../platform/ledger/streams.js'; appending();`],
  },
  {
    sentence: 'nobody imports a controller but its module',
    broken: noImport(
      (source) => product(source) && !source.file.endsWith('.module.ts'),
      ({ target }) => target.endsWith('.controller'),
    ),
    planted: ['src/tasks/planted.service.ts', `import { TasksController } from './tasks.controller.js'; new TasksController();`],
  },
  {
    sentence: 'only src/platform/config.ts reads the environment',
    broken: (source) => {
      if (!product(source) || source.file === 'src/platform/config.ts') return [];
      const imported = source.imports.some(({ target, names }) => /^(node:)?process$/.test(target) && names.includes('env'));
      return source.members.has('process.env') || imported ? ['process.env'] : [];
    },
    planted: ['activities/planted.ts', `const { env } = process; export default env;`],
  },
  {
    sentence: 'a workbook that came from outside is read in its thread alone: elsewhere ExcelJS only writes',
    broken: noImport(
      (source) => product(source) && !/(sheet-rows|sheet-template|(bulletin|exports|table)-workbook)\.ts$/.test(source.file),
      ({ target }) => target === 'exceljs',
    ),
    planted: ['src/calendar/planted.ts', `import ExcelJS from 'exceljs'; new ExcelJS.Workbook();`],
  },
  {
    sentence: 'nothing injects a repository or the global manager outside src/platform/database',
    broken: noImport(
      (source) => product(source) && !within('src/platform/database')(source),
      ({ target, names }) => target === '@nestjs/typeorm' && names.some((name) => /^Inject(Repository|EntityManager)$/.test(name)),
    ),
    planted: ['src/tasks/planted.service.ts', `import { InjectRepository } from '@nestjs/typeorm'; InjectRepository;`],
  },
  {
    sentence: 'a folder imports only from lower levels of the table',
    broken: breaksLevels,
    planted: ['src/platform/ledger/planted.ts', `import type { Inbox } from '../../tasks/inbox.service.js'; export type X = Inbox;`],
  },
  {
    sentence: 'every folder of the product has a level',
    broken: breaksLevels,
    planted: ['src/new-slice/planted.ts', ''],
  },
  {
    sentence: 'folders of one level do not know each other',
    broken: breaksLevels,
    planted: ['src/supervision/planted.ts', `import { x } from '../joint-programmes/x.js'; x;`],
  },
  {
    sentence: 'nothing imports a process or the list of slices, but the processes themselves',
    broken: noImport(
      (source) => product(source) && !/^src\/(main|worker|app\/(app|work))\.ts$/.test(source.file),
      ({ target }) => processes.test(target),
    ),
    planted: ['src/tasks/planted.ts', `export { AppModule } from '../app/app.module.js';`],
  },
  {
    sentence: 'src knows workflows by their messages and types, activities by their types; the worker alone runs them',
    broken: noImport(
      (source) => within('src')(source) && source.file !== 'src/app/case-worker.ts',
      ({ target, typeOnly }) => /^(workflows\/(?!messages$)|activities\/)/.test(target) && !typeOnly,
    ),
    planted: ['src/cases/planted.ts', `import { changeRequest } from '../../workflows/index.js'; changeRequest;`],
  },
  {
    sentence: 'activities know services and entities of src, never a workflow',
    broken: noImport(within('activities'), ({ target, typeOnly }) => target.startsWith('workflows/') && !typeOnly),
    planted: ['activities/planted.ts', `import { transfer } from '../workflows/index.js'; transfer;`],
  },
  {
    sentence: 'the product knows neither tests, benchmarks nor the local start',
    broken: noImport(product, ({ target }) => /^(test|bench|local|scripts)\//.test(target)),
    planted: ['src/planted.ts', `import '../test/fixtures/words.js';`],
  },
  {
    sentence: 'the workbench knows the API by its document alone: nothing of src, no Node built-in',
    broken: noImport(
      within('web'),
      ({ target }) => /^(src|workflows|activities|local|test|scripts|bench|node_modules)\//.test(target) || isBuiltin(target),
    ),
    planted: ['web/src/tasks/planted.tsx', `import type { Verdict } from '../../../src/domain/case/acts.js'; export type X = Verdict;`],
  },
  {
    sentence: 'a slice of the workbench knows what slices share, and no other slice',
    broken: (source) => {
      const [, slice] = /^web\/src\/([\w-]+)\//.exec(source.file) ?? [];
      if (!slice || source.file === 'web/src/app/slices.ts') return [];
      const open = ['ground', 'words', 'generated', slice];
      return source.imports
        .map(({ target }) => target)
        .filter((target) => target.startsWith('web/src/') && !open.includes(target.split('/')[2] ?? ''));
    },
    planted: ['web/src/tasks/planted.tsx', `import { Desk } from '../desk/desk'; export const page = Desk;`],
  },
  {
    sentence: 'no file is longer than 400 lines',
    broken: ({ lines }) => (lines > 400 ? [`${lines} lines`] : []),
    planted: ['test/planted.ts', 'const a = 1;\n'.repeat(401)],
  },
  {
    sentence: 'no folder or file is a drawer: utils, helpers, common, misc',
    broken: ({ file }) => (/(^|\/)(utils?|helpers?|common|misc|shared|core)(\/|\.)/.test(file) ? [file] : []),
    planted: ['src/utils/planted.ts', ''],
  },
];
