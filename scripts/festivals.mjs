/**
 * Writes src/domain/festivals.ts: the days of the four festivals that follow the moon or the sun, for every year that a date may have.
 *
 *   node scripts/festivals.mjs           writes the file
 *   node scripts/festivals.mjs --check   exits with 1 when the file is not what this script would write
 *
 * The dev dependency tyme4ts computes them. The calendar of `Intl` is no source: ICU 78 has the Spring Festival of 2027 a day late.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LunarDay, SolarTerm } from 'tyme4ts';
import { root } from './bootstrap.mjs';

/** Dates end with 2200; the longest span that is counted begins there and ends a year later. */
const [FIRST, LAST] = [1900, 2201];
const A_LINE = 5;

const two = (n) => String(n).padStart(2, '0');
const written = (day) => `${two(day.getMonth())}${two(day.getDay())}`;
const lunar = (year, month, day) => written(LunarDay.fromYmd(year, month, day).getSolarDay());
const qingming = (year) => written(SolarTerm.fromName(year, '清明').getJulianDay().getSolarDay());

const years = Array.from({ length: LAST - FIRST + 1 }, (_, n) => FIRST + n).map((year) =>
  [year, lunar(year, 1, 1), qingming(year), lunar(year, 5, 5), lunar(year, 8, 15)].join(' '),
);
const lines = Array.from({ length: Math.ceil(years.length / A_LINE) }, (_, n) => years.slice(n * A_LINE, (n + 1) * A_LINE).join(', '));

const content = `/**
 * Days of the festivals that follow the moon or the sun, written by scripts/festivals.mjs. Each year has four days as MMDD:
 * 春节 (the first of the first lunar month), 清明, 端午 (the fifth of the fifth) and 中秋 (the fifteenth of the eighth).
 */
export const FESTIVALS = \`
${lines.join(',\n')}
\`;
`;

const file = path.join(root, 'src', 'domain', 'festivals.ts');
if (!process.argv.includes('--check')) writeFileSync(file, content);
else if (readFileSync(file, 'utf8') !== content) {
  console.error('src/domain/festivals.ts is stale: run node scripts/festivals.mjs');
  process.exit(1);
}
