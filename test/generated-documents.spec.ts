/** Pages of docs/ that scripts write from the compiled code: what people read is what the code does. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

describe.each([
  ['procedures', 'what the procedures, the policy and the preconditions of the code say'],
  ['configuration', 'which variables the parser of the configuration reads, with their defaults and bounds'],
  ['access', 'who may call each route, as its controller declares it'],
  ['schema', 'what the entities say of tables and columns, and which statements write to them'],
])('the document docs/%s.md', (name, what) => {
  const check = (file?: string) =>
    spawnSync(process.execPath, [path.join('scripts', `${name}.mjs`), '--check', ...(file ? [file] : [])], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });

  it(`says ${what}`, () => {
    const { status, stderr } = check();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is called stale, with the command that renews it, when a line of it differs', () => {
    const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
    try {
      const stale = path.join(folder, `${name}.md`);
      copyFileSync(path.join('docs', `${name}.md`), stale);
      appendFileSync(stale, '\n- 11 working days\n');
      const { status, stderr } = check(stale);
      expect({ status, told: stderr.includes(`npm run ${name}`) }).toEqual({ status: 1, told: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
