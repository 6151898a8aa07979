/**
 * A text that no program of spreadsheets computes. What begins like a formula gets an apostrophe in front, because a workbook too may be
 * saved as CSV and opened again.
 */
export const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
