/** The layout of docs and design as sentences over the sources themselves (style rule: boundaries are tests, not wishes). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fences } from './architecture/fences.js';
import { LEVELS, roomOf } from './architecture/levels.js';
import { root, sourceOf, sourcesBelow, type Source } from './architecture/source.js';

const sources = sourcesBelow('src', 'workflows', 'activities', 'local', 'test', 'bench', 'web/src');

describe('the architecture', () => {
  it.each(fences)('keeps: $sentence', ({ broken }) => {
    const found = sources.flatMap((source) => broken(source).map((what) => `${source.file}: ${what}`));
    expect(found).toEqual([]);
  });

  it.each(fences)('would notice a breach of: $sentence', ({ broken, planted: [file, text] }) => {
    expect(broken(sourceOf(file, text))).not.toEqual([]);
  });

  it('has files in every folder that a fence guards', () => {
    const folders = ['src/domain/', 'src/', 'workflows/', 'activities/', 'test/', 'web/src/'];
    expect(folders.filter((folder) => !sources.some(({ file }) => file.startsWith(folder)))).toEqual([]);
  });

  it('has no circle of imports in the product: a circle meets classes that are still undefined', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('would notice a circle of imports', () => {
    const circle = [
      sourceOf('src/tasks/a.ts', `import { b } from './b.js'; export const a = b;`),
      sourceOf('src/tasks/b.ts', `import { a } from './a.js'; export const b = a;`),
    ];
    expect(circles(circle)).toEqual(['src/tasks/a.ts → src/tasks/b.ts → src/tasks/a.ts']);
  });
});

describe('the table of levels', () => {
  it('names no folder that is not there', () => {
    const rooms = new Set(sources.map(({ file }) => roomOf(file)));
    expect(LEVELS.flat().filter((room) => !rooms.has(room))).toEqual([]);
  });

  it('is the picture in CONTRIBUTING.md, line by line from the top', () => {
    const [, picture = ''] = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8').split('```');
    const rooms = new Set(LEVELS.flat());
    const lines = picture.split('\n').map((line) => line.split(/[\s,]+/).filter((word) => rooms.has(word)));
    const levelOf = (room: string) => LEVELS.findIndex((level) => level.includes(room));
    const shown = lines.flat();
    expect([...shown].sort()).toEqual([...rooms].sort());
    expect(shown.map(levelOf)).toEqual(shown.map(levelOf).sort((a, b) => b - a));
  });

  it('names every folder once', () => {
    expect(LEVELS.flat()).toHaveLength(new Set(LEVELS.flat()).size);
  });
});

describe('the reading of imports', () => {
  const read = (text: string) => sourceOf('src/tasks/decide.ts', text).imports;

  it.each([
    ['a named import', `import { x } from '../ledger/acts.js';`, false],
    ['a whole type import', `import type { X } from '../ledger/acts.js';`, true],
    ['a named import of types alone', `import { type X, type Y } from '../ledger/acts.js';`, true],
    ['a mixed import', `import { type X, y } from '../ledger/acts.js';`, false],
    ['an import for its effect', `import '../ledger/acts.js';`, false],
    ['an export from', `export { x } from '../ledger/acts.js';`, false],
    ['a dynamic import', `const x = await import('../ledger/acts.js');`, false],
    ['a type that names a module', `let x: import('../ledger/acts.js').X;`, true],
    ['a require', `import x = require('../ledger/acts.js');`, false],
  ])('sees %s', (_what, text, typeOnly) => {
    expect(read(text)).toMatchObject([{ target: 'src/ledger/acts', typeOnly }]);
  });

  it('sees no import in a comment or a string', () => {
    expect(read(`// import x from 'fs'\nconst text = "import y from 'fs'";`)).toEqual([]);
  });
});

/** Each circle once, as the chain of files that closes it. Types do not count: they are gone at run time. */
function circles(all: readonly Source[]): string[] {
  const byModule = new Map(all.map((source) => [source.file.replace(/\.ts$/, ''), source]));
  const done = new Set<Source>();
  const found: string[] = [];
  const visit = (source: Source, path: readonly Source[]): void => {
    if (path.includes(source)) {
      found.push([...path.slice(path.indexOf(source)), source].map(({ file }) => file).join(' → '));
      return;
    }
    if (done.has(source)) return;
    for (const { target, typeOnly } of source.imports) {
      const next = byModule.get(target);
      if (next && !typeOnly) visit(next, [...path, source]);
    }
    done.add(source);
  };
  for (const source of all) visit(source, []);
  return found;
}
