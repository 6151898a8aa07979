import { useWords } from '../ground/language';
import { termsWords } from '../words/terms';

/** 2026-1 in words: the first term of the school year that begins in 2026. */
export function useTermNamed(): (term: string) => string {
  const t = useWords(termsWords);
  return (term) => {
    const [, year, nth] = /^(\d{4})-([12])$/.exec(term) ?? [];
    return year && nth ? t.term(`${year}—${Number(year) + 1}`, nth) : term;
  };
}
