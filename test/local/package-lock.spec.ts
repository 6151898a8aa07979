import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../local/project.js';

it('the lock file lists the optional packages of every platform, or npm ci would refuse it', () => {
  const { status, stderr } = spawnSync(process.execPath, [path.join(projectRoot, 'scripts', 'complete-lock.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
