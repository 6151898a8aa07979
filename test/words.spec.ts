/** The words of docs/terms.md held against exported names, and the sentences of comments: one meaning a word, one fact a sentence. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root, sourcesBelow } from './architecture/source.js';

interface Exported {
  readonly name: string;
  readonly file: string;
}

const terms = readFileSync(path.join(root, 'docs/terms.md'), 'utf8');

/** The rows of the table below a heading, as their cells. */
function tableBelow(heading: string): string[][] {
  const [, after = ''] = terms.split(new RegExp(`^## .*${heading}.*$`, 'm'));
  const [section = ''] = after.split(/^## /m);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const namesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);

const ONE_MEANING = tableBelow('One meaning a word').map(([word = '', , names]) => ({ word, names: namesIn(names) }));
const TOO_LITTLE = tableBelow('Names that say too little').flatMap(([names]) => namesIn(names));

function exportedBy(file: string, text: string): Exported[] {
  const isExported = (node: ts.Node): boolean =>
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const named = (node: ts.Node): (string | undefined)[] => {
    if (ts.isVariableStatement(node)) return node.declarationList.declarations.map((one) => one.name.getText());
    return [(node as ts.DeclarationStatement).name?.getText()];
  };
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return statements
    .filter(isExported)
    .flatMap(named)
    .flatMap((name) => (name ? [{ name, file }] : []));
}

/** `openTask`, `OpenTask` and `OPEN_TASK` are made of the same words. */
const wordsOf = (name: string): string[] =>
  (/^[A-Z0-9_]+$/.test(name) ? name.split('_') : name.split(/(?=[A-Z])/)).map((word) => word.toLowerCase());

const says = (name: string, word: string): boolean => wordsOf(name).some((one) => new RegExp(`^(un)?${word}(s|e?d|ants?)?$`).test(one));

/** A room such as `src/demo/`, a part of names such as `FilingNotice…`, or a whole name. */
const allows = (entry: string, { name, file }: Exported): boolean => {
  if (entry.endsWith('/')) return file.startsWith(entry);
  return entry.endsWith('…')
    ? wordsOf(name)
        .join(' ')
        .includes(wordsOf(entry.slice(0, -1)).join(' '))
    : name === entry;
};

const misused = (all: readonly Exported[]): string[] =>
  ONE_MEANING.flatMap(({ word, names }) =>
    all
      .filter(({ name }) => says(name, word))
      .filter((one) => !names.some((entry) => allows(entry, one)))
      .map(({ name, file }) => `${file}: ${name} says "${word}"`),
  );

const repeated = (all: readonly Exported[]): string[] => {
  const files = new Map<string, string[]>();
  for (const { name, file } of all) files.set(name, [...(files.get(name) ?? []), file]);
  return [...files].filter(([, where]) => where.length > 1).map(([name, where]) => `${name}: ${where.join(', ')}`);
};

/** A migration keeps the name that it was released with, and an entity has the name of its table. */
const namedByTheSchema = (file: string): boolean => file.startsWith('src/platform/database/migrations/') || file.endsWith('.entity.ts');
const exported = sourcesBelow('src', 'workflows', 'activities')
  .filter(({ file }) => !namedByTheSchema(file))
  .flatMap(({ file }) => exportedBy(file, readFileSync(path.join(root, file), 'utf8')));

describe('exported names', () => {
  it('are read', () => {
    expect(exported.length).toBeGreaterThan(700);
    expect(ONE_MEANING.length).toBeGreaterThan(7);
    expect(TOO_LITTLE.length).toBeGreaterThan(7);
  });

  it('use each word of docs/terms.md in its one meaning', () => {
    expect(misused(exported)).toEqual([]);
  });

  it.each([
    ['src/calendar/a.ts', 'readNotice'],
    ['src/events/a.ts', 'CLAIMED_HOOKS'],
    ['src/platform/ledger/a.ts', 'ChainHead'],
    ['src/students/a.ts', 'SuspensionTerm'],
  ])('would notice in %s the name %s', (file, name) => {
    expect(misused([{ name, file }])).toHaveLength(1);
  });

  it('say what is done: none is among those that say too little', () => {
    expect(exported.filter(({ name }) => TOO_LITTLE.includes(name))).toEqual([]);
  });

  it('name one thing each: no two files export one name', () => {
    expect(repeated(exported)).toEqual([]);
  });

  it('of answers and bodies are one each: no two DTOs have one name, because OpenAPI would merge them', () => {
    expect(repeated(exported.filter(({ file }) => file.endsWith('.dto.ts')))).toEqual([]);
  });

  it('would be noticed when repeated', () => {
    const [a, b] = [exportedBy('a.ts', 'export class Application {}'), exportedBy('b.ts', 'export interface Application { by: string }')];
    expect(repeated([...a, ...b])).toEqual(['Application: a.ts, b.ts']);
  });
});

const MOST_WORDS = 25;
const MIGRATIONS = 'src/platform/database/migrations';

/** Comments in blocks, each run of lines that are comments, and the comments behind code. */
const commentsIn = (text: string): string[] => [
  ...[...text.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, comment = '']) => comment.replace(/^\s*\* ?/gm, '')),
  ...[...text.matchAll(/(?:^\s*(?:\/\/|--) .*\n?)+/gm)].map(([lines]) => lines.replace(/^\s*(?:\/\/|--) /gm, '').replaceAll('\n', ' ')),
  ...[...text.matchAll(/\S +\/\/ (.*)$/gm)].map(([, comment = '']) => comment),
];

/** The sentences of a file's comments that have too many words; a passage of code is one word, an item of a list a sentence. */
const longSentences = (text: string): string[] =>
  commentsIn(text)
    .map((comment) => comment.replace(/@example[\s\S]*/, '').replace(/`[^`]*`/g, 'code'))
    .flatMap((comment) => comment.split(/(?<=[.!?。])\s+|\n(?=\d+\. |- |@)|\n\n/))
    .filter((sentence) => (sentence.match(/[A-Za-z0-9][\w'’-]*/g) ?? []).length > MOST_WORDS);

/** Rules `R-…` and readings `A…` that a text names; a name behind a code point or a paper size is none. */
const cited = (text: string): string[] => [...text.matchAll(/(?<![\w+-])(R-\d\d|A[1-9]\d?a?)(?![\w-])/g)].map(([, id]) => id as string);

describe('the rules and readings of the regulation', () => {
  const page = readFileSync(path.join(root, 'docs/regulation.md'), 'utf8');
  const defined = [...page.matchAll(/^\| \*\*(R-\d\d|A\d+a?)\*\* /gm)].map(([, id]) => id as string);

  it('each have one line of docs/regulation.md', () => {
    expect(defined).toHaveLength(58);
    expect(new Set(defined).size).toBe(58);
  });

  it('are on that page wherever sources or documents name them', () => {
    const documents = readdirSync(path.join(root, 'docs'), { recursive: true }).map(String);
    const texts = [
      ...sourcesBelow('src', 'workflows', 'activities').map(({ file }) => file),
      ...documents.flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
    ];
    const unknown = texts.flatMap((file) =>
      cited(readFileSync(path.join(root, file), 'utf8')).flatMap((id) => (defined.includes(id) ? [] : [`${file}: ${id}`])),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the comments in the sources', () => {
  const sql = readdirSync(path.join(root, MIGRATIONS), { recursive: true })
    .map(String)
    .flatMap((name) => (name.endsWith('.sql') ? [`${MIGRATIONS}/${name}`] : []));

  it('fit a line of 140 characters in SQL too, which no linter reads', () => {
    expect(sql.length).toBeGreaterThan(5);
    const lines = sql.flatMap((file) =>
      readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .map((line) => [file, line] as const),
    );
    expect(lines.filter(([, line]) => line.length > 140)).toEqual([]);
  });

  it('says one fact a sentence: none has more than 25 words', () => {
    const files = [...sourcesBelow('src', 'workflows', 'activities').map(({ file }) => file), ...sql];
    const found = files.flatMap((file) =>
      longSentences(readFileSync(path.join(root, file), 'utf8')).map((sentence) => `${file}: ${sentence}`),
    );
    expect(found).toEqual([]);
  });

  it('would be noticed with a sentence of 26 words', () => {
    const words = (n: number) => Array.from({ length: n }, () => 'word').join(' ');
    expect(longSentences(`/** Short. ${words(25)}. */ const text = '${words(30)}';`)).toEqual([]);
    expect(longSentences(`  // Short.\n  // ${words(13)}\n  // ${words(13)}.\n  code();`)).toHaveLength(1);
    expect(longSentences(`-- ${words(26)}.\nselect 1;`)).toHaveLength(1);
    expect(longSentences(`code(); // ${words(26)}.`)).toHaveLength(1);
    expect(longSentences(`/**\n * Short.\n * ${words(13)}\n * ${words(13)}.\n */`)).toHaveLength(1);
  });
});
