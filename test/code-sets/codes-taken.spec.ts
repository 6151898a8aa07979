/** What a set offers every endpoint takes, and nothing else: all sets, all fields of all inputs. */
import { getMetadataStorage, validateSync } from 'class-validator';
import { CATALOGUE_NAMES } from '../../src/code-sets/catalogues.js';
import { codesOf, RELEASED_SETS } from '../../src/code-sets/code-sets.js';
import { seedCatalogue } from '../../src/code-sets/seed-catalogues.js';
import '../../src/app/app.module.js';
import '../../src/programs/establish/register.dto.js';

type Input = new () => Record<string, unknown>;
interface Field {
  readonly of: Input;
  readonly name: string;
  readonly isList: boolean;
}

/** Which fields take codes of which set. A field that is named so takes them wherever it stands. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  majors: ['majorCode', 'majorCodes', 'SchoolEntry.majors'],
  'study-modes': ['studyMode', 'studyModes'],
  'lengths-of-schooling': ['lengthYears'],
  'ethnic-groups': ['ethnicGroup'],
  sexes: ['sex'],
  'document-types': ['documentType', 'guardianDocumentType', 'secondGuardianDocumentType', 'DocumentInput.type'],
  'political-status': ['politicalStatus'],
  'household-types': ['householdType'],
  'health-status': ['healthStatus'],
  'guardian-relations': ['guardianRelation', 'secondGuardianRelation'],
  'admission-kinds': ['admissionKind'],
  origins: ['origin'],
  'cross-stage-programmes': ['crossStage'],
  'overseas-marks': ['overseasMark'],
  nationalities: ['nationality'],
  divisions: ['nativePlace', 'householdDivision', 'AuthorityEntry.division', 'SchoolEntry.division'],
  'school-types': ['SchoolEntry.type'],
};
/** Fields of lists that only narrow what is shown: a code that nobody has finds nobody. */
const FILTERS = ['StudentQuery', 'StudentSearch', 'StudentExport'];
/** Six digits of an older list are a division too: identity documents and places keep theirs. */
const OPEN_ENDED = ['majors', 'divisions'];

const storage = getMetadataStorage() as unknown as {
  validationMetadatas: Map<Input, { propertyName: string; each: boolean; type: string }[]>;
};
const fields: Field[] = [...storage.validationMetadatas].flatMap(([of, rules]) =>
  [...new Set(rules.map(({ propertyName }) => propertyName))].map((name) => ({
    of,
    name,
    isList: rules.some((rule) => rule.propertyName === name && rule.each),
  })),
);
const fieldsOf = (set: string): Field[] =>
  fields.filter(
    ({ of, name }) => (FIELDS[set] ?? []).some((one) => one === name || one === `${of.name}.${name}`) && !FILTERS.includes(of.name),
  );

const allCodes = (set: string): string[] =>
  set === 'majors' ? CATALOGUE_NAMES.flatMap((name) => seedCatalogue(name).entries.map(({ code }) => code)) : codesOf(set);

/** Whether a field takes a code, by its own rules. */
function takes({ of, name, isList }: Field, code: string): boolean {
  const value = name === 'lengthYears' ? Number(code) : code;
  const input = Object.assign(new of(), { [name]: isList ? [value] : value });
  return validateSync(input, { forbidUnknownValues: false }).every(({ property }) => property !== name);
}

describe('what a set offers', () => {
  it('has fields for every set', () => {
    expect(Object.keys(FIELDS).sort()).toEqual(['majors', ...Object.keys(RELEASED_SETS)].sort());
    expect(Object.keys(FIELDS).filter((set) => fieldsOf(set).length === 0)).toEqual([]);
    expect(fieldsOf('majors').length).toBeGreaterThanOrEqual(7);
    expect(fieldsOf('study-modes').length).toBeGreaterThanOrEqual(4);
  });

  it.each(Object.keys(FIELDS))('every field takes that takes %s', (set) => {
    const refusing = fieldsOf(set).flatMap((field) =>
      allCodes(set).flatMap((code) => (takes(field, code) ? [] : [`${field.of.name}.${field.name} refuses ${code}`])),
    );
    expect(refusing).toEqual([]);
  });

  it.each(Object.keys(FIELDS).filter((set) => !OPEN_ENDED.includes(set)))('nothing else is taken for %s', (set) => {
    const others = set === 'lengths-of-schooling' ? ['3.7', '7', '0'] : ['99', 'none', 'fulltime', 'PartTime'];
    const strangers = others.filter((code) => !codesOf(set).includes(code)); // of two sets, "none" is a code
    const taken = fieldsOf(set).flatMap((field) =>
      strangers.flatMap((code) => (takes(field, code) ? [`${field.of.name}.${field.name} takes ${code}`] : [])),
    );
    expect(taken).toEqual([]);
  });
});
