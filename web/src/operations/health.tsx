import { CheckCircleOutlined, ExclamationCircleFilled, QuestionCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Spin } from 'antd';
import { Refusal } from '../ground/api';
import { useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { operationsWords } from '../words/operations';
import './health.css';

const PARTS = ['status', 'database', 'temporal', 'worker', 'scanner'] as const;
type Said = Partial<Record<(typeof PARTS)[number], string>>;
const EVERY_MS = 10_000;

/** How the system is, as orchestrators ask it; 503 tells it too. */
async function asked({ signal }: { signal: AbortSignal }): Promise<Said> {
  const response = await fetch('/health/ready', { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Refusal(0, undefined, undefined);
  });
  const said: unknown = await response.json().catch(() => undefined);
  if (typeof said !== 'object' || said === null || !('status' in said)) throw new Refusal(response.status, undefined, undefined);
  return said as Said;
}

export function Health() {
  const t = useWords(operationsWords);
  const time = useTime();
  const { data, error, refetch, dataUpdatedAt } = useQuery({ queryKey: ['health'], queryFn: asked, refetchInterval: EVERY_MS });
  if (error) return <ProblemShown error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spin />;
  const words: Readonly<Record<string, string>> = {
    up: t.up,
    down: t.down,
    degraded: t.degraded,
    configured: t.configured,
    none: t.none,
  };
  return (
    <>
      <dl className="health">
        {PARTS.filter((part) => data[part] !== undefined).map((part) => {
          const state = data[part] ?? '';
          return (
            <div key={part}>
              <dt>{t[part]}</dt>
              <dd>
                <Sign state={state} /> {words[state] ?? t.unknownState}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="figures">{t.checkedAt(time(new Date(dataUpdatedAt).toISOString()))}</p>
    </>
  );
}

function Sign({ state }: { state: string }) {
  if (state === 'up' || state === 'configured') return <CheckCircleOutlined aria-hidden />;
  return state === 'down' || state === 'degraded' ? <ExclamationCircleFilled aria-hidden /> : <QuestionCircleOutlined aria-hidden />;
}
