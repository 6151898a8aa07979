/** Takes faults, each a sentence that names the stream, row or line that it is in. */
export type Report = (...faults: readonly string[]) => void;

/** Before every id. */
export const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';

/** So many rows a statement. */
export const ROWS_AT_ONCE = 2000;
