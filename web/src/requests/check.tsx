import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Spin } from 'antd';
import { useEffect, useState } from 'react';
import { api, Refusal, told, type Schemas } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { filingWords } from '../words/filing';

const PAUSE_MS = 400;

/** What a filing states so far. */
export type Draft = Omit<Schemas['FileRequestOfSuspension'], 'kind' | 'details' | 'studentId'> & {
  kind: string;
  studentId?: string;
  details: Record<string, unknown>;
};

/** Every reason against the filing, as it is written, with who clears it and how. */
export function Check({ draft }: { draft: Draft }) {
  const t = useWords(filingWords);
  const owner = useCodes('owners');
  const text = JSON.stringify(draft);
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, error, isPending } = useQuery({
    queryKey: ['precheck', asked],
    queryFn: ({ signal }) =>
      told(api.POST('/api/v1/change-requests/precheck', { body: JSON.parse(asked) as Schemas['PrecheckRequest'], signal })),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  if (isPending) return <Spin aria-label={t.checking} />;
  const lacking = error instanceof Refusal ? error.problem?.errors : undefined;
  if (lacking)
    return (
      <Alert
        type="info"
        showIcon
        title={t.stillNeeded}
        description={
          <ul className="blockers">
            {lacking.map(({ pointer, label, detail }) => (
              <li key={pointer}>
                <strong>{label}</strong>：{detail}
              </li>
            ))}
          </ul>
        }
      />
    );
  if (error) return <ProblemShown error={error} />;
  if (data.allowed) return <Alert type="success" showIcon title={t.allowed} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={t.blocked(data.blockers.length)}
      description={
        <ul className="blockers">
          {data.blockers.map((one) => (
            <li key={`${one.code} ${one.item ?? ''}`}>
              <strong>{one.message}</strong>
              <div>
                {t.clears}：{owner(one.owner)}　{t.remedy}：{one.remedy}
              </div>
            </li>
          ))}
        </ul>
      }
    />
  );
}
