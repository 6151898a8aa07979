import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readAnnouncement, type AnnouncedDay } from '../../src/calendar/announcement.js';

const seed = JSON.parse(readFileSync(new URL('../../src/calendar/seed/holidays.json', import.meta.url), 'utf8')) as {
  years: { year: number; exceptions: AnnouncedDay[] }[];
};
const exceptionsOf = (year: number): AnnouncedDay[] => seed.years.find((one) => one.year === year)?.exceptions ?? [];
const bare = (days: readonly AnnouncedDay[]) => days.map(({ date, kind }) => `${date} ${kind}`).sort();

const OF_2026 = `国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府：
现将2026年部分节假日放假调休日期安排如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，请妥善安排值班。`;

const OLD_STYLE = `国务院办公厅关于2014年部分节假日安排的通知（国办发明电〔2013〕28号）
一、元旦：1月1日放假1天。二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。
三、清明节：4月5日放假，4月7日（星期一）补休。
四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。
五、端午节：6月2日放假，与周末连休。
六、中秋节：9月8日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。`;

describe('reading the pasted text of a notice', () => {
  it("finds the days of a year's notice with their weekdays in brackets", () => {
    const { year, number, doubts, days, festivals } = readAnnouncement(OF_2026, []);
    expect({ year, number, doubts }).toEqual({ year: 2026, number: '国办发明电〔2025〕7号', doubts: [] });
    expect(bare(days)).toEqual(bare(exceptionsOf(2026)));
    expect(festivals).toContainEqual({ name: '春节', from: '2026-02-15', to: '2026-02-23' });
    expect(festivals).toHaveLength(7);
  });

  it('finds them in the older style: one day off, a day made up for, a week-end beside it', () => {
    const { year, number, doubts, days } = readAnnouncement(OLD_STYLE, []);
    expect({ year, number, doubts }).toEqual({ year: 2014, number: '国办发明电〔2013〕28号', doubts: [] });
    expect(bare(days)).toEqual(bare(exceptionsOf(2014)));
  });

  it("finds days of the December before in a New Year's holiday", () => {
    const text = '关于2019年部分节假日安排的通知\n一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。';
    expect(bare(readAnnouncement(text, []).days)).toEqual(['2018-12-29 makeupWorkday', '2018-12-31 holiday', '2019-01-01 holiday']);
  });

  it('extends a holiday from its last day off, and what was to be worked in it no longer is', () => {
    const before = [
      ...['24', '27', '28', '29', '30'].map((day) => ({ date: `2020-01-${day}`, kind: 'holiday' as const, name: '春节' })),
      { date: '2020-01-19', kind: 'makeupWorkday' as const, name: '春节' },
      { date: '2020-02-01', kind: 'makeupWorkday' as const, name: '春节' },
      { date: '2020-05-01', kind: 'holiday' as const, name: '劳动节' },
      { date: '2019-10-01', kind: 'holiday' as const, name: '国庆节' },
    ];
    const text =
      '关于延长2020年春节假期的通知\n国办发明电〔2020〕1号\n一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。';
    const { year, number, days, doubts } = readAnnouncement(text, before);
    expect({ year, number, doubts }).toEqual({ year: 2020, number: '国办发明电〔2020〕1号', doubts: [] });
    expect(bare(days)).toEqual(bare([...before.slice(0, 6), ...before.slice(7, 8), { date: '2020-01-31', kind: 'holiday', name: '春节' }]));
  });

  it.each([
    ['a weekday that the date does not have', '一、元旦：1月1日（周四）放假。', 'wrong-weekday'],
    ['a number of days that the span does not have', '一、元旦：1月1日至3日放假，共4天。', 'wrong-number-of-days'],
    ['a date that does not exist', '一、元旦：2月29日至3月1日放假。', 'no-such-date'],
    ['a weekday said to be made up', '一、元旦：1月1日放假，1月4日（周一）上班。', 'weekday-worked-anyway'],
    ['a span longer than a year', '一、元旦：2027年1月1日至2028年12月31日放假。', 'out-of-range'],
    ['a span to a year far from its own', '一、元旦：2027年1月1日至9999年12月31日放假。', 'out-of-range'],
    ['a day in a year far from its own', '一、元旦：2030年1月1日放假。', 'out-of-range'],
    ['a sentence with a date that says nothing it knows', '一、元旦：1月1日举行庆典。', 'not-understood'],
  ])('says what does not add up: %s', (_, item, code) => {
    expect(readAnnouncement(`关于2027年部分节假日安排的通知\n${item}`, []).doubts.map((doubt) => doubt.code)).toContain(code);
  });

  it('takes no date above the title for its year', () => {
    expect(readAnnouncement(`成文日期：2025年11月4日\n${OF_2026}`, [])).toMatchObject({ year: 2026, doubts: [] });
  });

  it('says so when it finds no day in a notice, such as one pasted with its markup', () => {
    const pasted = OF_2026.split('\n').join('</p><p>');
    expect(readAnnouncement(`<p>${pasted}</p>`, [])).toMatchObject({ days: [], doubts: [{ code: 'not-understood' }] });
  });

  it('takes another text for no notice', () => {
    expect(readAnnouncement('各位老师：\n下周一开会。', [])).toMatchObject({ days: [], doubts: [{ code: 'not-understood' }] });
  });

  it('reads any text as long as one may be without holding up everybody else', () => {
    const program = `
      import { readAnnouncement } from ${JSON.stringify(new URL('../../src/calendar/announcement.js', import.meta.url).href)};
      const title = '关于2027年部分节假日安排的通知\\n一、元旦：';
      const longer = '关于延长2027年春节假期的通知\\n';
      const filled = (start, part) => (start + part.repeat(20_000)).slice(0, 20_000);
      const texts = [
        filled(title, '2027年1月1日至9999年12月31日放假、'), filled(title, '1月1日至12月31日放假。'), filled(title, ','),
        filled(title, '(,'), filled(title, ',)'), filled(title, '1日至'), filled(title, '共9天,'), filled(title + '1月1日至12月31日放假,', '共9天,'),
        filled(longer, '一、延长2027年春节假期至12月31日\\n'), filled('关于', '2027年'), filled('', '国'), filled(title, '1月1日(周'),
      ];
      for (const text of texts) readAnnouncement(text, []);
      console.log(JSON.stringify(texts.map((text) => {
        const from = process.cpuUsage();
        const { doubts, festivals } = readAnnouncement(text, []);
        const { user, system } = process.cpuUsage(from);
        return { start: text.slice(18, 40), ms: Math.round((user + system) / 1000), doubts: doubts.length, festivals: festivals.length };
      })));`;
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(signal).toBeNull();
    const read = JSON.parse(stdout) as { ms: number; doubts: number; festivals: number }[];
    expect(read.filter(({ ms, doubts, festivals }) => ms > 100 || doubts > 50 || festivals > 60)).toEqual([]);
  });
});
