/** One column of a kind's sheet. The header's last word is the identifier; the words before it are for people. */
export interface Column {
  /** Path of the value in a row, such as `details.ground`. */
  readonly path: string;
  readonly zh: string;
  readonly note?: string;
  /** What the cell may hold, shown as a list to choose from. */
  readonly choices?: readonly string[];
  /** What the choices are called, where they are codes. */
  readonly names?: ReadonlyMap<string, string>;
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'ids';
}

export const MOST_ROWS = 500;
