import { seedCatalogue } from '../code-sets/seed-catalogues.js';

const names = new Map(seedCatalogue('majors-2021').entries.map(({ code, zh }) => [code, zh]));

/** The Chinese name of a major in the national catalogue. */
export function majorName(code: string): string {
  const name = names.get(code);
  if (name === undefined) throw new RangeError(`no major ${code} in the catalogue`);
  return name;
}
