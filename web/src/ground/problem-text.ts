import { problemWords } from '../words/problem';
import { Refusal } from './api';
import { useWords } from './language';

/** A refusal in one sentence, where there is no room for more. */
export function useProblemText(): (error: unknown) => string {
  const t = useWords(problemWords);
  return (error) => {
    const problem = error instanceof Refusal ? error.problem : undefined;
    if (!problem) return error instanceof Refusal && error.isPassing ? t.unreachable : t.failed;
    return problem.errors?.[0]?.detail ?? problem.detail ?? problem.title;
  };
}
