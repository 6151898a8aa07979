import { commonPasswords } from '../../src/platform/access/common-passwords.js';
import { weaknessOf } from '../../src/platform/access/weak-password.js';

const KNOWN = {
  username: 'wang.li',
  displayName: '王丽',
  organisations: ['杭州市余杭区云岫职业高级中学', '3301-01'],
  before: 'k7wm-3xqa-8tfn-52hd-ry6p',
};

describe('a password', () => {
  let common: ReadonlySet<string>;
  beforeAll(async () => {
    common = await commonPasswords();
  });
  const weakness = (password: string) => weaknessOf(password, KNOWN, common);

  it.each([
    ['of one letter', 'aaaaaaaaaaaaaaaa'],
    ['of blanks', ' '.repeat(20)],
    ['of blanks of other scripts', '\u3000\u00a0\u2003'.repeat(6)],
    ['of invisible characters', '\u200b\u2060\u{e0041}\u00ad'.repeat(5)],
    ['long by its blanks alone', `k7wm3xq${' '.repeat(9)}`],
    ['of four characters', 'abbaabcdabbacdab'],
    ['of a few that are repeated', 'x7k2px7k2px7k2p'],
    ['of digits in order', '123456789012345'],
    ['of digits backwards', '098765432109'],
    ['of the alphabet', 'abcdefghijklm'],
    ['of a row of the keyboard', 'qwertyuiopasdf'],
    ['of a column of the keyboard', '1qaz2wsx3edc'],
    ['that many people have', 'administrator'],
    ['that many people have, made longer', 'Password!2026!'],
    ['that many people have, in wide letters', 'Ｐａｓｓｗｏｒｄ２０２６'],
    ['that many people have, twice', 'iloveyouiloveyou'],
    ['that many people have, with dashes', 'i-love-you-2026-12'],
    ['of the user name', 'Wang.Li-2026-01'],
    ['of the person’s own name', '王丽王丽王丽-20261130'.slice(0, 13)],
    ['of the school’s name', '杭州市余杭区云岫职业高级中学'],
    ['of the school’s code and this system', 'xueji-3301-01-xueji'],
    ['before, without its dashes and in capitals', 'K7WM3XQA8TFN52HDRY6P'],
  ])('%s is refused', (_, password) => {
    expect([password, weakness(password)]).toEqual([password, expect.objectContaining({ zh: expect.any(String), en: expect.any(String) })]);
  });

  it.each([
    '桂花今年开了两次 2026',
    'correct horse battery staple',
    'mT9#vq2Lx!08rB',
    '三墩镇的桂花开了两次 2026',
    'wang.li keeps bees in Yuhang',
  ])('that is fit is taken: %s', (password) => {
    expect([password, weakness(password)]).toEqual([password, undefined]);
  });

  it('of any length and content is judged in no time that anybody notices', () => {
    const began = process.cpuUsage();
    for (const text of ['a', 'ab', '王', '1', '.', 'a1', '\u{e0041}']) weakness(text.repeat(200).slice(0, 200));
    for (const text of ['xk3p', 'wang.li']) weakness(`${text.repeat(40)}qz8`.slice(0, 200));
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(100);
  });
});
