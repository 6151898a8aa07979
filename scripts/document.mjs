/**
 * Lints the OpenAPI document of the compiled code by the recommended rules of Redocly, warnings included. It asks no network.
 *
 *   node scripts/document.mjs           a gate of `npm run check`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './bootstrap.mjs';

const { apiDocument } = await import(path.join(root, 'dist', 'src', 'app', 'app.js'));
const folder = mkdtempSync(path.join(tmpdir(), 'document-'));
try {
  const file = path.join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(await apiDocument(), null, 2));
  const program = path.join(root, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'lint', '--extends=recommended-strict', file], {
    cwd: folder,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' },
    encoding: 'utf8',
  });
  if (status !== 0) console.error(stdout + stderr);
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
