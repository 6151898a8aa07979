/**
 * Compiles src, workflows, activities, local, test and bench into dist/ with one compiler, with the OpenAPI metadata of the DTOs
 * (the swagger plugin reads their types and comments), then bundles the workflows once for the workers and the tests.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import * as swagger from '@nestjs/swagger/plugin';
import { bundleWorkflowCode } from '@temporalio/worker';
import { root } from './bootstrap.mjs';

const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (d) => fail([d]) };
const format = { getCanonicalFileName: (f) => f, getCurrentDirectory: () => root, getNewLine: () => '\n' };
function fail(diagnostics) {
  console.error(ts.formatDiagnosticsWithColorAndContext(diagnostics, format));
  process.exit(1);
}

const config = ts.getParsedCommandLineOfConfigFile(path.join(root, 'tsconfig.json'), {}, host);
const builder = ts.createIncrementalProgram({ rootNames: config.fileNames, options: config.options });
const before = swagger.before({ introspectComments: true, dtoFileNameSuffix: ['.dto.ts'], esmCompatible: true }, builder.getProgram());
// Before the emit, which writes the build info: what has not been checked by then is checked anew by every later build.
const found = [
  ...config.errors,
  ...builder.getConfigFileParsingDiagnostics(),
  ...builder.getSyntacticDiagnostics(),
  ...builder.getGlobalDiagnostics(),
  ...builder.getSemanticDiagnostics(),
];
const emitted = builder.emit(undefined, undefined, undefined, false, { before: [before] });
const problems = [...found, ...emitted.diagnostics].filter((d) => d.category === ts.DiagnosticCategory.Error);
if (problems.length > 0) fail(problems);

/** Data files stand beside the code that reads them. */
for (const folder of ['src', 'test', 'bench'].filter((name) => existsSync(path.join(root, name))))
  cpSync(path.join(root, folder), path.join(root, 'dist', folder), {
    recursive: true,
    filter: (file) => statSync(file).isDirectory() || /\.(json|gz|html|css|sql|txt|png|jpg|pdf)$/.test(file),
  });

const filesBelow = (dir) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true })
        .map(String)
        .filter((f) => f.endsWith('.js'))
        .sort()
        .map((f) => path.join(dir, f))
    : [];
const sources = [
  ...filesBelow(path.join(root, 'dist/workflows')),
  ...filesBelow(path.join(root, 'dist/src/domain')),
  path.join(root, 'dist/src/platform/temporal/failure-converter.cjs'),
];
if (existsSync(path.join(root, 'dist/workflows/index.js'))) {
  const digest = createHash('sha256');
  for (const file of [...sources, path.join(root, 'package-lock.json')]) digest.update(readFileSync(file));
  const key = digest.digest('hex');
  const bundle = path.join(root, 'dist', 'workflow-bundle.js');
  const mark = path.join(root, 'dist', '.workflow-bundle-of');
  if (!existsSync(bundle) || !existsSync(mark) || readFileSync(mark, 'utf8') !== key) {
    const { code } = await bundleWorkflowCode({
      workflowsPath: path.join(root, 'dist/workflows/index.js'),
      failureConverterPath: path.join(root, 'dist/src/platform/temporal/failure-converter.cjs'),
      logger: { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error },
    });
    writeFileSync(bundle, code);
    writeFileSync(mark, key);
  }
}
