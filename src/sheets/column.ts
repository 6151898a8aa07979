/** One column of a sheet. By default the header's last word is the identifier, and the words before it are for people. */
export interface Column {
  /** Path of the value in a row, such as `details.ground`. */
  readonly path: string;
  readonly zh: string;
  readonly note?: string;
  /** The whole header, where it is for people alone. */
  readonly heading?: string;
  /** Whether the value must be there; the header says so by a star in front. */
  readonly required?: boolean;
  /** What the cell may hold, shown as a list to choose from. */
  readonly choices?: readonly string[];
  /** What the choices are called, where they are codes. */
  readonly names?: ReadonlyMap<string, string>;
  /** The codes of choices that are words. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'ids';
}

/** How large a sheet may be, and what its reading may take. */
export interface SheetSize {
  readonly rows: number;
  /** Of all parts together, unpacked. A full sheet has a tenth of it; more is not a sheet that a clerk filled in. */
  readonly unpackedBytes: number;
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** A sheet of 500 rows takes half a second and 100 MB. */
export const BATCH_SIZE: SheetSize = { rows: 500, unpackedBytes: 10 * 1024 * 1024, milliseconds: 15_000, megabytes: 192 };

/** Where a column stands in a sheet, as people see it. */
export interface Place {
  /** Such as `C`. */
  readonly letter: string;
  readonly heading: string;
}

/** A sheet as it was read. Rows are those below the header. */
export interface ReadSheet {
  readonly rows: Record<string, unknown>[];
  /** By the path of the column. */
  readonly places: Readonly<Record<string, Place>>;
}

/** What is wrong with a cell, or with a whole row where no path is named. */
export interface Mark {
  /** As the sheet counts, the header being 1. */
  readonly line: number;
  readonly path?: string;
  readonly text: string;
}

export const headingOf = ({ heading, zh, path, required }: Column): string => `${required ? '*' : ''}${heading ?? `${zh} ${path}`}`;
