import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alive, readRecord, type Born } from '../../local/processes.js';
import { endOrphan, Supervised } from '../../local/supervised.js';
import { inProcess, local, scratch } from './scratch.js';

const program = (dir: string, source: string) => {
  const script = path.join(dir, 'program.mjs');
  writeFileSync(script, source);
  return { name: 'program', script, env: { PATH: process.env.PATH }, dir, logFile: path.join(dir, 'program.log') };
};

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); await sleep(20)) if (Date.now() > end) throw new Error('waited 10 s in vain');
}

describe('a supervised process', () => {
  it('is started again when it ends by itself, with its last words told, and ends for good when it is stopped', async () => {
    const dir = scratch();
    const told: string[] = [];
    const once = `import fs from 'node:fs';
      if (!fs.existsSync('${dir}/second')) { fs.writeFileSync('${dir}/second', ''); console.error('out of chalk'); process.exit(3); }
      process.send('ready'); setInterval(() => {}, 1000);`;
    const supervised = new Supervised(program(dir, once), (line) => told.push(line));
    supervised.start();
    await until(() => supervised.ready);
    expect(told.join('\n')).toMatch(/ended \(3\).*out of chalk/s);
    const record = readRecord<Born>(path.join(dir, 'program.json'))!;
    await supervised.stop();
    expect(alive(record)).toBe(false);
  });

  it('is given up at the start when it ends three times, with the words of its log', async () => {
    const supervised = new Supervised(program(scratch(), `console.error('no chalk at all'); process.exit(1);`), () => undefined);
    supervised.start();
    await until(() => {
      try {
        supervised.requireSteady();
        return false;
      } catch (error) {
        return (error as Error).message.includes('no chalk at all');
      }
    });
    await supervised.stop();
  });

  it('is ended by the next start when its starter was killed', async () => {
    const dir = scratch();
    const how = program(dir, `console.log('here'); setInterval(() => {}, 1000);`);
    const { child, line } = inProcess(`
      const { Supervised } = await import(${local('supervised')});
      new Supervised(${JSON.stringify(how)}, () => {}).start();
      console.log('started'); setInterval(() => {}, 1000);`);
    await line;
    await until(() => existsSync(how.logFile) && readFileSync(how.logFile, 'utf8').includes('here'));
    child.kill('SIGKILL');
    const orphan = readRecord<Born>(path.join(dir, 'program.json'))!;
    expect(alive(orphan)).toBe(true);
    await endOrphan(how);
    expect(alive(orphan)).toBe(false);
  });
});
