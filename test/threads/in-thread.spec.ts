import { problemOf } from '../../src/platform/http/failures.js';
import { inThread, inTurn, OutOfBounds } from '../../src/platform/in-thread.js';

const answering = new URL('../../src/platform/thread.js', import.meta.url).href;
/** A script that does this with each input. */
const script = (work: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { answering } from '${answering}'; answering(async (input) => { ${work} });`)}`,
  );
const bounds = { milliseconds: 60_000, megabytes: 64 };
const failure = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe('a thread for what others made', () => {
  it('is ended when it takes too long, while everybody else is served', async () => {
    let served = false;
    setImmediate(() => (served = true));
    await expect(inThread(script('for (;;) ;'), null, { ...bounds, milliseconds: 300 })).rejects.toThrow(OutOfBounds);
    expect(served).toBe(true);
  });

  it('is ended when it takes too much memory', async () => {
    await expect(inThread(script('const all = []; for (;;) all.push({});'), null, bounds)).rejects.toThrow(OutOfBounds);
  });

  it('sees no secret of the process', async () => {
    await expect(inThread(script('return [input, Object.keys(process.env)]'), 7, bounds)).resolves.toEqual([7, []]);
  });

  it('serves the next too, unless it failed', async () => {
    const counting = script('globalThis.n = (globalThis.n ?? 0) + 1; if (input === "x") throw new Error("x"); return globalThis.n');
    expect([await inThread(counting, 1, bounds), await inThread(counting, 2, bounds)]).toEqual([1, 2]);
    await expect(inThread(counting, 'x', bounds)).rejects.toThrow('x');
    expect(await inThread(counting, 3, bounds)).toBe(1);
    await expect(inThread(script('process.exit()'), null, bounds)).rejects.toThrow('without an answer');
  });

  it('is waited for by a few only, in turn: the others are told to come again', async () => {
    let most = 0;
    let now = 0;
    const work = async () => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return 1;
    };
    const told = await Promise.all(Array.from({ length: 40 }, () => failure(inTurn(work))));
    expect([told.filter((one) => one === 1).length, most]).toEqual([34, 2]);
    expect(problemOf(told.at(-1)).code).toBe('busy');
    expect(await inTurn(work)).toBe(1);
  });
});
