import { readFileSync } from 'node:fs';

interface CodeSet {
  readonly items: readonly { readonly code: string; readonly zh: string }[];
}

const { majors } = JSON.parse(readFileSync(new URL('../organisations/seed/code-sets.json', import.meta.url), 'utf8')) as {
  majors: CodeSet;
};
const names = new Map(majors.items.map(({ code, zh }) => [code, zh]));

/** The Chinese name of a major in the national catalogue. */
export function majorName(code: string): string {
  const name = names.get(code);
  if (name === undefined) throw new RangeError(`no major ${code} in the catalogue`);
  return name;
}
