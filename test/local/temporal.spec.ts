import { once } from 'node:events';
import path from 'node:path';
import { freePort } from '../../local/ports.js';
import { startTemporal } from '../../local/temporal.js';
import { inProcess, local, scratch } from './scratch.js';

const options = async (dir: string) => ({ dir, port: await freePort(), headless: true, logFile: path.join(dir, 'temporal.log') });

describe('Temporal of one machine', () => {
  it('is adopted when the process that started it was killed, and starts anew over the same file when it was killed itself', async () => {
    process.env.TEMPORAL_CLI_PATH = process.env.TEST_TEMPORAL_CLI_PATH;
    const how = await options(scratch());
    const { child, line } = inProcess(`
      process.env.TEMPORAL_CLI_PATH = ${JSON.stringify(process.env.TEST_TEMPORAL_CLI_PATH)};
      const { startTemporal } = await import(${local('temporal')});
      console.log((await startTemporal(${JSON.stringify(how)})).pid);
      setInterval(() => {}, 1000);`);
    const pid = Number(await line);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const adopted = await startTemporal(how);
    expect(adopted).toMatchObject({ adopted: true, pid });
    adopted.kill('SIGKILL');
    const anew = await startTemporal(how);
    expect(anew.adopted).toBe(false);
    await anew.stop();
    expect(anew.alive()).toBe(false);
  });

  it('refuses a port that another program holds, and says which setting moves it', async () => {
    const port = Number(process.env.TEST_TEMPORAL_ADDRESS!.split(':')[1]);
    await expect(startTemporal({ ...(await options(scratch())), port })).rejects.toThrow(
      /Port \d+ for Temporal is in use. Set TEMPORAL_PORT/,
    );
  });
});
