import { Alert, Button } from 'antd';
import { problemWords } from '../words/problem';
import { Refusal } from './api';
import { useWords } from './language';

/** A refusal as people read it: what it says, every field by its name, every blocker, the trace id, and what to do. */
export function ProblemShown({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useWords(problemWords);
  const refusal = error instanceof Refusal ? error : undefined;
  const problem = refusal?.problem;
  const unreachable = refusal?.isPassing === true && !problem;
  const title = problem?.title ?? (unreachable ? t.unreachable : t.failed);
  const detail = problem
    ? problem.detail === problem.title
      ? undefined
      : problem.detail
    : unreachable
      ? t.unreachableDetail
      : t.failedDetail;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={title}
      action={onRetry && <Button onClick={onRetry}>{t.retry}</Button>}
      description={
        <>
          {detail && <p>{detail}</p>}
          {problem?.errors && (
            <ul>
              {problem.errors.map(({ pointer, label, detail: fault }) => (
                <li key={`${pointer} ${fault}`}>
                  <strong>{label}</strong>：{fault}
                </li>
              ))}
            </ul>
          )}
          {problem?.blockers && (
            <>
              <p>{t.blockers}</p>
              <ul>
                {problem.blockers.map(({ code, message }) => (
                  <li key={code}>{message}</li>
                ))}
              </ul>
            </>
          )}
          {refusal?.status === 409 && <p>{t.conflict}</p>}
          {problem && (
            <p className="figures">
              <a href={problem.type}>{t.meaning}</a>　{t.trace} <code>{problem.traceId}</code>{' '}
              <Button size="small" onClick={() => void navigator.clipboard?.writeText(problem.traceId)}>
                {t.copy}
              </Button>
            </p>
          )}
        </>
      }
    />
  );
}
