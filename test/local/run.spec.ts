import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../local/project.js';

/** As the image holds it: the compiled product and what starts it, nothing to build from. */
describe('npm run api, worker, migrate and the commands of operators', () => {
  let image: string;
  beforeAll(() => {
    image = mkdtempSync(path.join(tmpdir(), 'xueji-image-'));
    const copied = /^COPY (scripts\/.+) \.\/scripts\/$/m.exec(readFileSync(path.join(projectRoot, 'Dockerfile'), 'utf8'))?.[1] ?? '';
    for (const script of copied.split(' ')) cpSync(path.join(projectRoot, script), path.join(image, script));
    symlinkSync(path.join(projectRoot, 'dist'), path.join(image, 'dist'));
  });
  afterAll(() => rmSync(image, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(image, 'scripts', 'run.mjs'), ...args], {
      encoding: 'utf8',
      env: { PATH: '/nowhere', DATA_DIR: path.join(image, 'data') },
    });

  it.each(['api', 'worker', 'migrate', 'audit:verify', 'cases:restart --all'])(
    '%s runs what is built, here as far as what it misses',
    (line) => {
      const { status, stderr } = run(...line.split(' '));
      expect(stderr).toContain('DATABASE_URL is required');
      expect(status).toBe(78);
    },
  );

  it('establish asks for its file, and what is no program is said to be none', () => {
    expect(run('establish')).toMatchObject({ status: 65, stderr: expect.stringContaining('npm run establish -- FILE') });
    expect(run('nothing')).toMatchObject({ status: 64 });
  });
});
