/**
 * Compiles src, workflows, activities, local, test and bench into dist/ with one compiler, with the OpenAPI metadata of the DTOs
 * (the swagger plugin reads their types and comments), then bundles the workflows once for the workers and the tests.
 * Without a changed input it does nothing.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { dist, inputs, isBuilt, isWhole, outputFiles, SOURCES, stampBuilt } from './stamp.mjs';

if (isBuilt()) process.exit(0);
const from = inputs();
const [{ default: ts }, swagger, { bundleWorkflowCode }] = await Promise.all([
  import('typescript'),
  import('@nestjs/swagger/plugin'),
  import('@temporalio/worker'),
]);
// The compiler writes only what changed: where an output is lost, it must write everything.
if (!isWhole()) rmSync(path.join(dist, '.tsbuildinfo'), { force: true });

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
const DATA = /\.(json|gz|html|css|txt|png|jpg|pdf|sql|tsv)$/;
for (const folder of SOURCES)
  cpSync(path.join(root, folder), path.join(dist, folder), {
    recursive: true,
    filter: (file) => statSync(file).isDirectory() || DATA.test(file),
  });

/** The output of a source that was moved or removed would still run: a test, a migration. */
const sourcesOf = (output) => {
  const place = path.join(root, path.relative(dist, output.replace(/\.map$/, '')));
  return DATA.test(output) ? [place] : [place.replace(/\.js$/, '.ts'), place.replace(/\.cjs$/, '.cts')];
};
for (const output of outputFiles()) if (!sourcesOf(output).some((file) => existsSync(file))) rmSync(output);

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
stampBuilt(from);
