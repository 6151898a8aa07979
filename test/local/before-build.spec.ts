import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { freePort } from '../../local/ports.js';
import { known } from '../../local/processes.js';
import { projectRoot } from '../../local/project.js';
import { cloneWith, run } from './clone.js';

describe('a command in a clone that is not built', () => {
  let clone: string;
  let other: Server;
  let taken: string;
  beforeAll(async () => {
    clone = cloneWith('src', 'local');
    other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    taken = String((other.address() as AddressInfo).port);
  });
  afterAll(() => new Promise((resolve) => other.close(resolve)));
  afterEach(() => expect(existsSync(path.join(clone, 'dist'))).toBe(false));
  const free = async () => String(await freePort());

  it('npm start says which settings are wrong before it builds', () => {
    const { status, stderr } = run(clone, ['start.mjs'], { PORT: 'eighty', REQUEST_SECONDS: 'soon' });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/PORT must be a port[^]*REQUEST_SECONDS must be a whole number/)]);
  });

  it('npm start says that its port is in use before it builds', () => {
    const { status, stderr } = run(clone, ['start.mjs'], { PORT: taken });
    expect([status, stderr]).toEqual([1, expect.stringContaining(`Port ${taken} is in use`)]);
  });

  it('npm start says that another start runs on its folder before it builds', async () => {
    mkdirSync(path.join(clone, 'data'));
    writeFileSync(path.join(clone, 'data', 'start.lock'), JSON.stringify({ ...known(process.pid), address: 'http://there' }));
    const { status, stderr } = run(clone, ['start.mjs'], { PORT: await free() });
    expect([status, stderr]).toEqual([1, expect.stringContaining('already runs')]);
  });

  it.each(['api', 'worker'])('npm run %s names what it misses before it builds', (program) => {
    const { status, stderr } = run(clone, ['run.mjs', program]);
    expect([status, stderr]).toEqual([78, expect.stringContaining('DATABASE_URL is required')]);
  });

  it('npm run api says that its port is in use before it builds', () => {
    const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
    const env = { DATABASE_URL: 'postgresql://nowhere', FIELD_KEY: key(1), INDEX_KEY: key(2), PORT: taken };
    const { status, stderr } = run(clone, ['run.mjs', 'api'], env);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`Port ${taken} is in use`)]);
  });
});

describe('npm run reset and audit:verify', () => {
  it.each([
    ['reset', 'reset.mjs', [], { status: 0, stdout: expect.stringContaining('Removed') }],
    ['audit:verify', 'run.mjs', ['audit:verify'], { status: 78, stderr: expect.stringContaining('DATABASE_URL is required') }],
  ])('%s takes what was built, although the sources have changed since and do not even compile', (_, script, args, expected) => {
    const clone = cloneWith();
    mkdirSync(path.join(clone, 'src'));
    writeFileSync(path.join(clone, 'src', 'broken.ts'), 'const one: string = 1;');
    mkdirSync(path.join(clone, 'dist'));
    for (const part of ['src', 'local']) symlinkSync(path.join(projectRoot, 'dist', part), path.join(clone, 'dist', part));
    expect(run(clone, [script, ...args])).toMatchObject(expected);
  });
});
