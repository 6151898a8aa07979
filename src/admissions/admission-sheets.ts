import { majorsInForce } from '../code-sets/catalogues.store.js';
import { majorsInWords, setInWords } from '../dossier/word-columns.js';
import { majorsOfferedAt } from '../organisations/offers.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { Column, Place, SheetSize } from '../sheets/column.js';

/** Four columns of text: 5,000 rows take two seconds. */
export const ADMISSION_SIZE: SheetSize = { rows: 5000, unpackedBytes: 20 * 1024 * 1024, milliseconds: 30_000, megabytes: 256 };

const column = (path: string, zh: string, more: Partial<Column> = {}): Column => ({
  path,
  zh,
  heading: zh,
  required: true,
  type: 'text',
  ...more,
});

/** The columns of a list's sheet, with the majors that the school offers to choose from. */
export async function admissionColumns(tx: Transaction, schoolId: string | undefined): Promise<Column[]> {
  const offered = schoolId === undefined ? [] : await majorsOfferedAt(tx, [schoolId]);
  return [
    column('name', '姓名'),
    column('documentType', '证件类型', setInWords('document-types')),
    column('documentNumber', '证件号码'),
    column('majorCode', '录取专业', offered.length > 0 ? majorsInWords(offered, await majorsInForce(tx)) : {}),
  ];
}

const PERSON = /^\/people\/(\d+)(?:\/(\w+))?/;

/** A refusal names rows and columns as the sheet has them, the header being row 1. */
export function asInSheet(error: unknown, places: Readonly<Record<string, Place>>): unknown {
  if (!(error instanceof Problem) || !error.more.errors) return error;
  const errors = error.more.errors.map(({ pointer, detail }) => {
    const [, index, field = ''] = PERSON.exec(pointer) ?? [];
    if (index === undefined) return { pointer, detail };
    const { letter, heading } = places[field] ?? {};
    return { pointer: `/rows/${Number(index) + 2}${letter ? `/${letter}/${heading}` : ''}`, detail };
  });
  return new Problem(error.code, { ...error.more, errors });
}
