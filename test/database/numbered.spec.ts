import { nextNumberSql } from '../../src/platform/database/numbered.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the numbers of requests', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
  });
  afterAll(() => system?.stop());

  const numbersFrom = async (next: number): Promise<string[]> => {
    await asOwner(system, `select setval('change_request_number', $1, false)`, [next]);
    const at = `'2026-12-31T16:30:00Z'::timestamptz`;
    const rows = await asOwner<{ number: string }[]>(
      system,
      `select ${nextNumberSql('change_request_number', at)} as number from generate_series(1, 2)`,
    );
    return rows.map(({ number }) => number);
  };

  it('begin with the year in Shanghai and have seven digits', async () => {
    expect(await numbersFrom(1)).toEqual(['2027-0000001', '2027-0000002']);
  });

  it('go on, and differ, after the last of seven digits', async () => {
    expect(await numbersFrom(9_999_999)).toEqual(['2027-9999999', '2027-10000000']);
    expect(await numbersFrom(12_345_678)).toEqual(['2027-12345678', '2027-12345679']);
  });
});
