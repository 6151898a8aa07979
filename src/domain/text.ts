/** A text as it is kept: composed (NFC), without spaces of any width around it. */
export const keptText = (text: string): string => text.normalize('NFC').trim();

/** Whether a text says anything: it holds a letter, a digit or a Han character. Spaces and marks alone do not. */
export const saysSomething = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
