import type { Transaction } from '../../src/platform/database/in-scope.js';
import { together } from '../../src/platform/database/together.js';

describe('what many ask for in the same turn of a transaction', () => {
  const asked: string[][] = [];
  beforeEach(() => (asked.length = 0));
  const load = (keys: string[]) => {
    asked.push(keys);
    return Promise.resolve(new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, key.toUpperCase()])));
  };
  const transaction = (): Transaction => ({}) as Transaction;

  it('is loaded once, each key once, and whoever is not found gets nothing', async () => {
    const tx = transaction();
    const found = await Promise.all(['a', 'b', 'a', 'nobody'].map((key) => together(tx, 'letters', key, load)));
    expect(found).toEqual(['A', 'B', 'A', undefined]);
    expect(asked).toEqual([['a', 'b', 'nobody']]);
  });

  it('is loaded once also when some ask only after others of them were answered by what is at hand', async () => {
    const tx = transaction();
    const later = async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      return together(tx, 'letters', `after${turns}`, load);
    };
    await Promise.all([later(0), later(3), later(10)]);
    expect(asked).toEqual([['after0', 'after3', 'after10']]);
  });

  it('is loaded anew for whoever asks later, in another transaction and under another name', async () => {
    const [tx, other] = [transaction(), transaction()];
    await together(tx, 'letters', 'a', load);
    await Promise.all([together(tx, 'letters', 'a', load), together(other, 'letters', 'a', load), together(tx, 'more', 'a', load)]);
    expect(asked).toEqual([['a'], ['a'], ['a'], ['a']]);
  });

  it('fails for all who asked when it cannot be loaded, and for nobody after them', async () => {
    const tx = transaction();
    const failing = () => Promise.reject(new Error('no database'));
    const answers = await Promise.allSettled(['a', 'b'].map((key) => together(tx, 'letters', key, failing)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(together(tx, 'letters', 'a', load)).resolves.toBe('A');
  });
});
