import { zipOf } from './zips.js';

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

const cell = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const HEAD = `<row r="1">${cell('A1', '学籍号 studentNumber')}</row>`;
const ROW = `<row r="2">${cell('A2', 'G33010620100101123X')}</row>`;

interface Around {
  readonly before?: string;
  readonly after?: string;
  readonly declared?: string;
}
const page = (rows: string, { before = '', after = '', declared = '' }: Around = {}): string =>
  `<?xml version="1.0"?>${declared}<worksheet ${MAIN}>${before}<sheetData>${rows}</sheetData>${after}</worksheet>`;

const link = (id: string, type: string, target: string): string => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;

interface More {
  readonly strings?: string;
  readonly styles?: string;
  readonly names?: string;
  readonly pages?: number;
}

/** A workbook of this page, written part by part. */
export function workbook(content: string, { strings, styles, names = '', pages = 1 }: More = {}): Buffer {
  const nth = Array.from({ length: pages }, (_, i) => i + 1);
  const sheets = nth.map((n) => `<sheet name="s${n}" sheetId="${n}" r:id="r${n}"/>`).join('');
  const links =
    nth.map((n) => link(`r${n}`, 'worksheet', `worksheets/sheet${n}.xml`)).join('') + link('s', 'sharedStrings', 'sharedStrings.xml');
  return zipOf(
    [
      { name: 'xl/workbook.xml', content: `<workbook ${MAIN} xmlns:r="${OFFICE}"><sheets>${sheets}</sheets>${names}</workbook>` },
      { name: 'xl/_rels/workbook.xml.rels', content: `<Relationships ${PACKAGE}>${links}</Relationships>` },
      ...nth.map((n) => ({ name: `xl/worksheets/sheet${n}.xml`, content })),
      ...(strings === undefined ? [] : [{ name: 'xl/sharedStrings.xml', content: `<sst ${MAIN}>${strings}</sst>` }]),
      ...(styles === undefined ? [] : [{ name: 'xl/styles.xml', content: `<styleSheet ${MAIN}>${styles}</styleSheet>` }]),
    ].map((part) => ({ ...part, content: Buffer.from(part.content) })),
  );
}

const billion = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${[...'bcdefghij']
  .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghij'[i]};`.repeat(10)}">`)
  .join('')}]>`;
const WHOLE = 'A1:XFD1048576';
const times = (n: number, text: (i: number) => string): string => Array.from({ length: n }, (_, i) => text(i)).join('');

/** What a reader must not be led to do by it: the row that it has is read, as Excel would show it. */
export const HARMLESS: readonly (readonly [what: string, file: () => Buffer])[] = [
  [
    'a list to choose from in every cell there is',
    () =>
      workbook(
        page(HEAD + ROW, {
          after: `<dataValidations><dataValidation sqref="${WHOLE}"><formula1>"a"</formula1></dataValidation></dataValidations>`,
        }),
      ),
  ],
  ['three million columns', () => workbook(page(HEAD + ROW, { before: '<cols><col min="1" max="3000000" width="9"/></cols>' }))],
  [
    'all cells merged and coloured by a rule',
    () =>
      workbook(
        page(HEAD + ROW, {
          after: `<mergeCells count="1"><mergeCell ref="${WHOLE}"/></mergeCells><conditionalFormatting sqref="${WHOLE}"/>`,
        }),
      ),
  ],
  [
    'many links in every cell',
    () => workbook(page(HEAD + ROW, { after: `<hyperlinks>${times(5_000, () => `<hyperlink ref="${WHOLE}" r:id="q"/>`)}</hyperlinks>` })),
  ],
  ['many pages', () => workbook(page(HEAD + ROW), { pages: 100 })],
  [
    'a formula over everything and over another file',
    () => workbook(page(`${HEAD}<row r="2"><c r="A2" t="str"><f>SUM(${WHOLE})+[1]x!A1</f><v>G33010620100101123X</v></c></row>`)),
  ],
  [
    'a formula shared by all cells',
    () =>
      workbook(
        page(`${HEAD}<row r="2"><c r="A2" t="str"><f t="shared" ref="A2:XFD1048576" si="0">A1</f><v>G33010620100101123X</v></c></row>`),
      ),
  ],
];

/** What is refused, because to take it would cost more than a sheet does, or because it holds more than one. */
export const REFUSED: readonly (readonly [what: string, file: () => Buffer, why: RegExp])[] = [
  ['a value in the last row there is', () => workbook(page(`${HEAD}${ROW}<row r="1048576">${cell('A1048576', 'x')}</row>`)), /row 1048576/],
  ['tens of thousands of empty rows', () => workbook(page(HEAD + times(50_000, (i) => `<row r="${i + 2}"/>`))), /more rows or cells/],
  ['many rows without a number', () => workbook(page(HEAD + '<row/>'.repeat(200_000))), /more rows or cells/],
  ['many cells in a row', () => workbook(page(`<row r="1">${'<c r="XFD1"/>'.repeat(200_000)}</row>`)), /more rows or cells/],
  [
    'entities that hold one another',
    () => workbook(page(HEAD + `<row r="2">${cell('A2', '&j;')}</row>`, { declared: billion })),
    /not an Excel workbook/,
  ],
  ['a cell of a megabyte', () => workbook(page(`${HEAD}<row r="2">${cell('A2', 'a'.repeat(1_000_000))}</row>`)), /cell longer/],
  ['a day that no calendar has', () => workbook(page(`${HEAD}<row r="1000"><c r="A1000"><v>1e300</v></c></row>`)), /row 1000/],
  ['a zip bomb', () => workbook(page(HEAD + ' '.repeat(15_000_000))), /unpacks to more/],
];

/** What takes seconds before it ends, one way or the other: within time and memory. */
export const COSTLY: readonly (readonly [what: string, file: () => Buffer])[] = [
  [
    'a print title over all cells',
    () => workbook(page(HEAD + ROW), { names: `<definedNames><definedName name="x">s1!$A$1:$XFD$1048576</definedName></definedNames>` }),
  ],
  ['elements in elements by the million', () => workbook(page(`<row r="1">${'<a>'.repeat(3_000_000)}`))],
  ['a row of six hundred thousand attributes', () => workbook(page(`<row r="1" ${times(600_000, (i) => `a${i}="1"`)}/>`))],
  ['shared texts by the million', () => workbook(page(HEAD + ROW), { strings: '<si><t>a</t></si>'.repeat(550_000) })],
  ['one text of a million runs', () => workbook(page(HEAD + ROW), { strings: `<si>${'<r><t>a</t></r>'.repeat(600_000)}</si>` })],
  ['formats by the million', () => workbook(page(HEAD + ROW), { styles: `<cellXfs>${'<xf numFmtId="14"/>'.repeat(450_000)}</cellXfs>` })],
];
