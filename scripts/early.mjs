/**
 * Runs a module of local/ before anything is built: it and what it imports are only stripped of their types, into .cache/, which takes a
 * fraction of a second. So a check is written once, in TypeScript, and is said before a build of half a minute.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root } from './bootstrap.mjs';

const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);

/** Writes what a module and its own imports are without types; types alone are imported by `import type` or vanish here. */
function strip(file, done = new Set()) {
  if (done.has(file)) return;
  done.add(file);
  const source = readFileSync(path.join(root, file), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { ...options, module: ts.ModuleKind.ESNext, sourceMap: false },
    fileName: path.join(root, file),
  });
  const out = path.join(root, '.cache', file.replace(/\.ts$/, '.js'));
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(out, outputText);
  for (const [, specifier] of outputText.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)\.js'/g))
    strip(path.join(path.dirname(file), `${specifier}.ts`), done);
}

/** The exports of a module, by its path from the project. */
export async function early(file) {
  strip(file);
  return import(pathToFileURL(path.join(root, '.cache', file.replace(/\.ts$/, '.js'))).href);
}
