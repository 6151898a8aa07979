/**
 * Builds the workbench (web/) into dist/web/, with what the server needs to serve it: compressed files, and the list of the slices, which
 * are the first parts of its addresses. Without a changed input it does nothing.
 *
 *   node scripts/web.mjs          builds
 *   node scripts/web.mjs --types  writes web/src/generated/api.d.ts from the OpenAPI document of the compiled code, and checks the types
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const web = path.join(root, 'web');
const built = path.join(root, 'dist', 'web');
const stamp = path.join(built, '.built-from');
const TYPES = path.join(web, 'src', 'generated', 'api.d.ts');
/** Types leave nothing in what is built. */
const isInput = (file) => file !== TYPES && !file.endsWith('.md');

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function inputs() {
  const digest = createHash('sha256');
  const beside = ['package-lock.json', 'scripts/web.mjs'].map((name) => path.join(root, name));
  for (const file of [...filesBelow(web).filter(isInput), ...beside])
    digest
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return digest.digest('hex');
}

/** A clone without web/ (the image) has nothing to build from. */
export const isWebBuilt = () => !existsSync(web) || (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs());

const COMPRESSED = /\.(js|css|svg|html)$/;

async function build() {
  const from = inputs();
  const { build: bundle } = await import('vite');
  await bundle({ configFile: path.join(web, 'vite.config.ts'), logLevel: 'warn' });
  for (const file of filesBelow(built).filter((one) => COMPRESSED.test(one) && !one.endsWith('index.html'))) {
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
  }
  const slices = readdirSync(path.join(web, 'src')).filter((name) => existsSync(path.join(web, 'src', name, 'routes.tsx')));
  writeFileSync(path.join(built, 'slices.json'), JSON.stringify([...slices, 'sign-in']));
  writeFileSync(stamp, from);
}

/** The types come from the product's own document, so that a page that asks for what is not there does not compile. */
async function types() {
  const [{ apiDocument }, { default: generate, astToString }] = await Promise.all([
    import(pathToFileURL(path.join(root, 'dist', 'src', 'app', 'app.js')).href),
    import('openapi-typescript'),
  ]);
  const text = astToString(await generate(await apiDocument()));
  mkdirSync(path.dirname(TYPES), { recursive: true });
  if (!existsSync(TYPES) || readFileSync(TYPES, 'utf8') !== text) writeFileSync(TYPES, text);
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', web], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--types')) await types();
  else if (!isWebBuilt()) await build();
}
