import { inThread, OutOfBounds } from '../../src/platform/in-thread.js';
import { problemOf } from '../../src/platform/http/failures.js';
import { Problem } from '../../src/platform/http/problem.js';
import { sheetRowsOf } from '../../src/requests/batch/sheet.js';
import { sized } from '../fixtures/profile.js';
import { COSTLY, HARMLESS, REFUSED } from './hostile-sheets.js';

const COLUMNS = [{ path: 'studentNumber', zh: '学籍号', type: 'text' } as const];
const read = (file: Buffer) => sheetRowsOf(file, COLUMNS);
const refusal = async (file: Buffer): Promise<string> => {
  const error: unknown = await read(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).status).toBe(422);
  return (error as Problem).more.errors?.map(({ detail }) => detail).join() ?? '';
};

/** Reading happens in a thread with a deadline of its own, so nothing here can hold the tests. */
describe('a workbook made to exhaust who reads it', () => {
  it.each(HARMLESS)('is read in spite of %s', async (_what, file) => {
    await expect(read(file())).resolves.toEqual([{ studentNumber: 'G33010620100101123X' }]);
  });

  it.each(REFUSED)('is refused for %s', async (_what, file, why) => {
    await expect(refusal(file())).resolves.toMatch(why);
  });

  it.each(COSTLY.slice(0, sized(1, COSTLY.length)))('ends within its bounds for %s', async (_what, file) => {
    const answer: unknown = await read(file()).catch((thrown: unknown) => thrown);
    if (!Array.isArray(answer)) expect(answer).toMatchObject({ code: 'invalid-input' });
  });
});

describe('a thread for what others made', () => {
  const script = (text: string) =>
    new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from 'node:worker_threads'; ${text}`)}`);
  const bounds = { milliseconds: 60_000, megabytes: 64 };

  it('is ended when it takes too long, while everybody else is served', async () => {
    let served = false;
    setImmediate(() => (served = true));
    await expect(inThread(script('for (;;) ;'), null, { ...bounds, milliseconds: 300 })).rejects.toThrow(OutOfBounds);
    expect(served).toBe(true);
  });

  it('is ended when it takes too much memory', async () => {
    await expect(inThread(script('const all = []; for (;;) all.push({});'), null, bounds)).rejects.toThrow(OutOfBounds);
  });

  it('sees no secret of the process, and gives its turn to the next also when it fails', async () => {
    const asked = script('parentPort.postMessage([workerData, Object.keys(process.env)])');
    await expect(inThread(script('throw new Error("x")'), null, bounds)).rejects.toThrow('x');
    await expect(inThread(script(''), null, bounds)).rejects.toThrow('without an answer');
    await expect(inThread(asked, 7, bounds)).resolves.toEqual([7, []]);
  });

  it('is waited for by a few only: the others are told to come again', async () => {
    const quick = script('parentPort.postMessage(1)');
    const told = await Promise.all(Array.from({ length: 40 }, () => inThread(quick, null, bounds).catch((error: unknown) => error)));
    expect(told.filter((one) => one === 1)).toHaveLength(34);
    expect(problemOf(told.at(-1)).code).toBe('busy');
  });
});
