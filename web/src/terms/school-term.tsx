import { useQuery } from '@tanstack/react-query';
import { Spin } from 'antd';
import { api, told } from '../ground/api';
import { DueDay, useDay } from '../ground/days';
import { useWords } from '../ground/language';
import { useMe } from '../ground/me';
import { ProblemShown } from '../ground/problem';
import { useWorkingDaysLeft } from '../ground/working-days';
import { termsWords } from '../words/terms';
import { Missing } from './missing';
import { useTermNamed } from './term-named';
import './terms.css';

/** How far a school has come with the term, and who is missing. */
export function SchoolTerm({ schoolId, term }: { schoolId: string; term: string }) {
  const t = useWords(termsWords);
  const day = useDay();
  const me = useMe();
  const named = useTermNamed();
  const left = useWorkingDaysLeft();
  const { data, error, refetch } = useQuery({
    queryKey: ['terms', schoolId, term],
    queryFn: ({ signal }) => told(api.GET('/api/v1/schools/{id}/terms/{term}', { params: { path: { id: schoolId, term } }, signal })),
  });
  if (error) return <ProblemShown error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spin />;
  const mayRegister = me.offices.some(({ office, organisation }) => office === 'schoolClerk' && organisation.id === schoolId);
  return (
    <>
      <h2 style={{ fontSize: 15, margin: 0 }}>
        {data.school.name} {named(data.term)}
      </h2>
      <p>
        {t.firstDay(day(data.firstDay))}　{t.dueDay}{' '}
        <DueDay dueDate={data.dueDate} overdue={data.overdue} provisional={data.provisional} workingDaysLeft={left(data.dueDate)} />
      </p>
      <dl className="term-counts">
        {(['toRegister', 'registered', 'unregistered', 'late', 'suspended', 'pending'] as const).map((name) => (
          <div key={name}>
            <dt>{t[name]}</dt>
            <dd className="figures">{data[name]}</dd>
          </div>
        ))}
      </dl>
      <Missing schoolId={schoolId} term={term} mayRegister={mayRegister} />
    </>
  );
}
