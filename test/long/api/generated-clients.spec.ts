/** Clients that generators make of the OpenAPI document: the compiler takes them, and programs written against them work. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { apiDocument } from '../../../src/app/app.js';
import { startSystem, type System } from '../../fixtures/system.js';

const run = promisify(execFile);
const program = (file: string, ...args: string[]) => run(process.execPath, [path.resolve('node_modules', file), ...args]);

/** As strict as a compiler is asked to be, and of the generated declarations too. */
const STRICTLY = {
  target: 'ES2022',
  module: 'nodenext',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
};

describe('a client that is generated from the OpenAPI document', () => {
  let system: System;
  let folder: string;
  beforeAll(async () => {
    mkdirSync('.cache', { recursive: true });
    // Below the project, because what is compiled there finds the packages of the project.
    folder = mkdtempSync(path.resolve('.cache', 'clients-'));
    const at = (name: string) => path.join(folder, name);
    cpSync(path.join('docs', 'clients'), folder, { recursive: true });
    writeFileSync(at('package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(at('tsconfig.json'), JSON.stringify({ compilerOptions: STRICTLY, include: ['**/*.ts'] }));
    writeFileSync(at('openapi.json'), JSON.stringify(await apiDocument()));
    await program('openapi-typescript/bin/cli.js', at('openapi.json'), '-o', at('schema.d.ts'));
    await program('@hey-api/openapi-ts/bin/run.js', '-i', at('openapi.json'), '-o', at('hey-api'), '--no-log-file');
    system = await startSystem({ engine: 'server' });
  });
  afterAll(async () => {
    await system?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('compiles strictly, with the programs of docs/clients', async () => {
    const { stdout } = await program('typescript/bin/tsc', '-p', folder).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['transfer.js', 'intake.js', 'schema.d.ts', 'hey-api']));
  });

  it.each([
    ['transfer', 'approved'],
    ['intake', 'registered'],
  ])('carries a whole %s over HTTP', async (name, state) => {
    const { stdout } = await run(process.execPath, [path.join(folder, `${name}.js`), system.url]);
    expect(JSON.parse(stdout)).toMatchObject({ number: expect.any(String) as string, state });
  });
});
