import { table, welcome, type Account } from '../../local/welcome.js';

const organisation = (code: string, name: string, level: string, parentId: string | null, type = 'secondaryVocational') => ({
  id: code,
  code,
  name,
  type,
  level,
  parentId,
});
const north = organisation('110000', '北京市教育委员会', 'province', null, 'authority');
const east = organisation('330100', '杭州市教育局', 'city', null, 'authority');
const places = [
  { at: north, offices: ['authorityReviewer', 'authoritySupervisor', 'operator'] },
  { at: east, offices: ['authorityReviewer', 'authoritySupervisor'] },
  { at: organisation('110101900', '第四中学', 'school', north.id, 'ordinaryMiddleSchool'), offices: ['schoolClerk', 'schoolReviewer'] },
  { at: organisation('110101001', '北京第一职业学校', 'school', north.id), offices: ['schoolClerk', 'schoolReviewer'] },
  { at: organisation('110101002', '北京第二职业学校', 'school', north.id), offices: ['schoolClerk', 'schoolReviewer'] },
  { at: organisation('330106001', '杭州职业学校', 'school', east.id), offices: ['schoolClerk', 'schoolReviewer'] },
];
const accounts: Account[] = places.flatMap(({ at, offices }) =>
  offices.map((office) => ({ username: `${office}@${at.code}`, password: 'p', office, organisation: at })),
);

describe('what a person sees when the system is up', () => {
  it('names one account for each office that a transfer between two provinces needs', () => {
    const text = welcome({ api: 'http://127.0.0.1:3000', logs: 'logs' }, accounts);
    for (const name of ['北京第一职业学校', '杭州职业学校', '北京市教育委员会', '杭州市教育局', 'operator']) expect(text).toContain(name);
    for (const name of ['第四中学', '北京第二职业学校']) expect(text).not.toContain(name);
    expect(text).toContain(`-d '{"username":"schoolClerk@110101001","password":"p"}'`);
  });

  it('aligns columns of Chinese and Latin text', () => {
    expect(
      table([
        ['学籍', 'b'],
        ['abcdef', 'd'],
      ]),
    ).toBe('  学籍    b\n  abcdef  d');
  });
});
