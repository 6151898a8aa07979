/** What a school types to find a student: the beginning of a name, or the end of a number. */
import { normaliseDocumentNumber, normaliseName } from './id-document.js';

/** Longest beginning that an index holds, in characters. */
const LONGEST = 12;
/** Of a name with parts, such as 阿卜杜拉·买买提, so many begin an entry of their own. */
const MOST_PARTS = 4;
/** How many characters of the end of a student number or document find it 后六位. */
const NUMBER_ENDING = 6;

const charactersOf = (name: string): string[] => name.match(/\P{M}\p{M}*/gu) ?? [];
const comparable = (name: string): string => normaliseName(name).toLowerCase();

/** A typed beginning as it is compared; of a longer one the first characters. */
export const typedBeginning = (text: string): string => charactersOf(comparable(text)).slice(0, LONGEST).join('');

/** All beginnings of a name and of its parts, each once: no more of them than a bounded number, however long the name is. */
export function beginningsOf(name: string): string[] {
  const whole = comparable(name);
  const [, ...parts] = whole.split(/[\u00b7 ]/).slice(0, MOST_PARTS);
  const all = [whole, ...parts].flatMap((part) => {
    const characters = charactersOf(part).slice(0, LONGEST);
    return characters.map((_, nth) => characters.slice(0, nth + 1).join(''));
  });
  return [...new Set(all)];
}

/** The end of a number as it is compared. */
export const numberEndingOf = (number: string): string => normaliseDocumentNumber(number).slice(-NUMBER_ENDING);
