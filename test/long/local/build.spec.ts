import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../local/project.js';
import { cloneWith, run } from '../../local/clone.js';

describe('the build', () => {
  let clone: string;
  const built = (file: string) => path.join(clone, 'dist', 'src', file);
  const source = (file: string, text: string) => writeFileSync(path.join(clone, 'src', file), text);
  const build = () => expect(run(clone, ['build.mjs'])).toMatchObject({ status: 0, stderr: '' });
  beforeAll(() => {
    clone = cloneWith();
    mkdirSync(path.join(clone, 'src'));
    source('one.ts', 'export const one: number = 1;\n');
    source('two.ts', 'export const two: number = 2;\n');
    build();
  });

  it('does not even load the compiler when no input changed', () => {
    rmSync(path.join(clone, 'node_modules'));
    try {
      build();
    } finally {
      symlinkSync(path.join(projectRoot, 'node_modules'), path.join(clone, 'node_modules'));
    }
  });

  it('compiles what changed, writes what was lost, and removes what has no source any more', () => {
    source('one.ts', 'export const one: number = 11;\n');
    source('three.ts', 'export const three: number = 3;\n');
    build();
    expect(readFileSync(built('one.js'), 'utf8')).toContain('11');
    rmSync(built('one.js'));
    rmSync(path.join(clone, 'src', 'two.ts'));
    build();
    expect(['one.js', 'one.js.map', 'two.js', 'two.js.map', 'three.js'].filter((file) => existsSync(built(file)))).toEqual([
      'one.js',
      'one.js.map',
      'three.js',
    ]);
  });

  it('says what does not compile, and is not taken for done', () => {
    source('three.ts', 'export const three: string = 3;\n');
    for (let times = 0; times < 2; times += 1)
      expect(run(clone, ['build.mjs'])).toMatchObject({ status: 1, stderr: expect.stringContaining('TS2322') });
  });
});
