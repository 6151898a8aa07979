/** docs/procedures.md is generated from the domain; the document that people read says what the code does. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const generator = path.join('scripts', 'procedures.mjs');
const document = path.join('docs', 'procedures.md');
const check = (file?: string) =>
  spawnSync(process.execPath, [generator, '--check', ...(file ? [file] : [])], { encoding: 'utf8', env: { PATH: process.env.PATH } });

describe('the document of the procedures', () => {
  it('says what the procedures, the policy and the preconditions of the code say', () => {
    const { status, stderr } = check();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is called stale, with the command that renews it, when a line of it differs', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'procedures-'));
    try {
      const stale = path.join(folder, 'procedures.md');
      copyFileSync(document, stale);
      appendFileSync(stale, '\n- 11 working days\n');
      const { status, stderr } = check(stale);
      expect({ status, told: stderr.includes('npm run procedures') }).toEqual({ status: 1, told: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
