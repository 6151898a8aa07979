import type { FaultyRow } from '../intakes/intakes.dto.js';
import type { Mark, Place } from '../sheets/column.js';
import type { RosterFault } from './rosters.dto.js';

/** No answer names more faults: a sheet of another form has them all. */
const MOST_FAULTS = 5000;

const pathOf = (pointer: string): string => pointer.slice(1).replaceAll('/', '.');

/** Faults where people see them: by row, column and heading. */
export const sheetFaultsOf = (faulty: readonly FaultyRow[], places: Readonly<Record<string, Place>>): RosterFault[] =>
  faulty
    .flatMap(({ row, errors }) =>
      errors.map((error): RosterFault => {
        const { letter = null, heading = null } = places[pathOf(error.pointer)] ?? {};
        return { ...error, row, column: letter, heading };
      }),
    )
    .slice(0, MOST_FAULTS);

/** What a marked copy says of each. */
export const marksOf = (faults: readonly RosterFault[]): Mark[] =>
  faults.map(({ row, pointer, label, detail }) => ({ line: row, path: pathOf(pointer), text: `${label}：${detail}` }));
