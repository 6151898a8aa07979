import path from 'node:path';
import { existsSync } from 'node:fs';
import { ended, known } from '../../local/processes.js';
import { inProcess, local, scratch } from './scratch.js';

it('leaves no server and no folder behind when the test runner is killed', async () => {
  const folder = path.join(scratch(), 'engines');
  const guard = JSON.stringify(new URL('../engines/guard.js', import.meta.url).href);
  const { child, line } = inProcess(`
    import { mkdirSync, chmodSync } from 'node:fs';
    const folder = ${JSON.stringify(folder)};
    mkdirSync(folder); chmodSync(folder, 0o711);
    (await import(${guard})).guard(folder);
    const { startPostgres } = await import(${local('postgres')});
    console.log((await startPostgres({ dir: folder + '/postgres', durable: false })).pid);
    setInterval(() => {}, 1000);`);
  const server = known(Number(await line));
  child.kill('SIGKILL');
  expect(await ended(server, 10_000)).toBe(true);
  for (const until = Date.now() + 5_000; existsSync(folder) && Date.now() < until;) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(existsSync(folder)).toBe(false);
});
