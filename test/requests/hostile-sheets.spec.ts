import { Problem } from '../../src/platform/http/problem.js';
import { sheetRowsOf } from '../../src/sheets/sheet.js';
import { sized } from '../fixtures/profile.js';
import { COSTLY, HARMLESS, REFUSED } from './hostile-sheets.js';

const COLUMNS = [{ path: 'studentNumber', zh: '学籍号', type: 'text' } as const];
const read = (file: Buffer) => sheetRowsOf(file, COLUMNS);
const refusal = async (file: Buffer): Promise<string> => {
  const error: unknown = await read(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).status).toBe(422);
  return (error as Problem).more.errors?.map(({ detail }) => detail.en).join() ?? '';
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
