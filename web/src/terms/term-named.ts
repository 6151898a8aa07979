import { useWords } from '../ground/language';
import { termsWords } from '../words/terms';

/** 2026-2027-1 in words. */
export function useTermNamed(): (term: string) => string {
  const t = useWords(termsWords);
  return (term) => {
    const [, year, nth] = /^(\d{4}-\d{4})-([12])$/.exec(term) ?? [];
    return year && nth ? t.term(year, nth) : term;
  };
}
