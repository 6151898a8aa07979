/**
 * Lets test files share a jest file. Jest loads every module anew for each file: NestJS, TypeORM and Temporal's SDK cost two seconds of
 * CPU, more than most of these files' own tests. Each keeps its own system and database.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

const TESTS = path.join(root, 'dist', 'test');
const GROUPS = path.join(root, 'dist', 'groups');
/** Folders whose files take long by themselves, replace engines or need a process to themselves. */
const ALONE = ['faults', 'local', 'browser', ''];
const ALONE_FILES = ['api/who-may', 'requests/population'].map((name) => `${name}.spec.js`);
const MOST = 10;

const LONG = `long${path.sep}`;

const all = () =>
  readdirSync(TESTS, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.spec.js'))
    .sort();

/** What takes minutes, and what runs more cases than in `npm test` when it is asked to. */
export const longFiles = () =>
  all()
    .map((file) => path.join(TESTS, file))
    .filter((file) => file.startsWith(path.join(TESTS, LONG)) || readFileSync(file, 'utf8').includes('fixtures/profile.js'));

/** Writes the files that jest is to run in place of all but the long ones, and returns their folder. */
export function grouped() {
  rmSync(GROUPS, { recursive: true, force: true });
  mkdirSync(GROUPS, { recursive: true });
  const files = all().filter((file) => !file.startsWith(LONG));
  const folderOf = (file) => (file.includes(path.sep) ? file.split(path.sep)[0] : '');
  const isAlone = (file) => ALONE.includes(folderOf(file)) || ALONE_FILES.includes(file) || replacesModules(file);
  for (const file of files.filter(isAlone)) write(file.replaceAll(path.sep, '-').replace('.spec.js', ''), [file]);
  const small = files.filter((file) => !isAlone(file));
  const pure = small.filter((file) => folderOf(file) === 'domain');
  const rest = small.filter((file) => folderOf(file) !== 'domain');
  write('domain', pure);
  for (let from = 0; from < rest.length; from += MOST) {
    const together = rest.slice(from, from + MOST);
    write([...new Set(together.map(folderOf))].join('-') + `-${from / MOST + 1}`, together);
  }
  return GROUPS;
}

/** A module that the group has loaded already can no longer be replaced. */
const replacesModules = (file) => readFileSync(path.join(TESTS, file), 'utf8').includes('mockModule(');

function write(name, files) {
  const imports = files.map((file) => `import '../test/${file.replaceAll(path.sep, '/')}';\n`);
  writeFileSync(path.join(GROUPS, `${name}.spec.js`), imports.join(''));
}
