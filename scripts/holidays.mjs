/**
 * Writes src/calendar/seed/holidays.json (2014–2026) from the yearly data files of the dev dependency chinese-days.
 *
 *   node scripts/holidays.mjs           writes the file
 *   node scripts/holidays.mjs --check   exits with 1 when the file is not what this script would write
 *
 * Only its data is used, never its functions: they answer wrongly where the machine's time zone lies west of Greenwich.
 * A year has `festivals` (spans of days off with their names, for people), `exceptions` (only the days that differ from
 * "Monday to Friday is worked", for counting) and `notices` (document numbers; the first is the year's notice, later ones amend it).
 * A day belongs to the year it lies in, though a notice may settle days of the December before. Later years are published
 * through POST /calendar/amendments and never through this file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './bootstrap.mjs';

const FIRST = 2014;
const LAST = 2026;
const NOTICES = {
  2014: ['国办发明电〔2013〕28号'],
  2015: ['国办发明电〔2014〕28号', '国发明电〔2015〕1号'],
  2016: ['国办发明电〔2015〕18号'],
  2017: ['国办发明电〔2016〕17号'],
  2018: ['国办发明电〔2017〕12号'],
  2019: ['国办发明电〔2018〕15号', '国办发明电〔2019〕3号'],
  2020: ['国办发明电〔2019〕16号', '国办发明电〔2020〕1号'],
  2021: ['国办发明电〔2020〕27号'],
  2022: ['国办发明电〔2021〕11号'],
  2023: ['国办发明电〔2022〕16号'],
  2024: ['国办发明电〔2023〕7号'],
  2025: ['国办发明电〔2024〕12号'],
  2026: ['国办发明电〔2025〕7号'],
};
const DAY = 86_400_000;

const dataFolder = path.dirname(createRequire(import.meta.url).resolve('chinese-days'));
const nameOf = (entry) => entry.split(',')[1];
const isWeekend = (date) => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
const followsOn = (date, last) => Date.parse(date) - Date.parse(last) === DAY;
const byDate = (entries) => Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));

function festivals(holidays) {
  const spans = [];
  for (const [date, entry] of byDate(holidays)) {
    const open = spans.at(-1);
    if (open?.name === nameOf(entry) && followsOn(date, open.to)) open.to = date;
    else spans.push({ name: nameOf(entry), from: date, to: date });
  }
  return spans;
}

function exceptions({ holidays, workdays }) {
  const moved = [
    ...byDate(holidays)
      .filter(([date]) => !isWeekend(date))
      .map(([date, entry]) => ({ date, kind: 'holiday', name: nameOf(entry) })),
    ...byDate(workdays)
      .filter(([date]) => isWeekend(date))
      .map(([date, entry]) => ({ date, kind: 'makeupWorkday', name: nameOf(entry) })),
  ];
  return moved.sort((a, b) => (a.date < b.date ? -1 : 1));
}

function yearOf(year) {
  const data = JSON.parse(readFileSync(path.join(dataFolder, 'years', `${year}.json`), 'utf8'));
  return { year, notices: NOTICES[year], festivals: festivals(data.holidays), exceptions: exceptions(data) };
}

/** One line an item, so that a difference reads well. */
function written(years) {
  const list = (items) => items.map((item) => `\n        ${JSON.stringify(item)}`).join(',');
  const block = ({ year, notices, festivals, exceptions }) =>
    `    {\n      "year": ${year},\n      "notices": ${JSON.stringify(notices)},\n      "festivals": [${list(festivals)}\n      ],\n` +
    `      "exceptions": [${list(exceptions)}\n      ]\n    }`;
  return `{\n  "source": "chinese-days 1.5.7",\n  "years": [\n${years.map(block).join(',\n')}\n  ]\n}\n`;
}

const file = path.join(root, 'src', 'calendar', 'seed', 'holidays.json');
const content = written(Array.from({ length: LAST - FIRST + 1 }, (_, i) => yearOf(FIRST + i)));
if (!process.argv.includes('--check')) writeFileSync(file, content);
else if (readFileSync(file, 'utf8') !== content) {
  console.error('src/calendar/seed/holidays.json is stale: run node scripts/holidays.mjs');
  process.exit(1);
}
