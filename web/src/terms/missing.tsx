import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Empty, Popconfirm, Spin, Tag, theme } from 'antd';
import { useState } from 'react';
import { api, told, type Schemas } from '../ground/api';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';
import { useSend } from '../ground/send';
import { termsWords } from '../words/terms';

type Student = Schemas['UnregisteredView'];

const PAGE = 200;
/** More rows than these are not looked through at a time. */
const PAGES = 10;

async function unregistered(id: string, term: string, signal: AbortSignal): Promise<{ students: Student[]; hasMore: boolean }> {
  const students: Student[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { limit: PAGE, ...(cursor ? { cursor } : {}) };
    const answer = await told(api.GET('/api/v1/schools/{id}/terms/{term}/unregistered', { params: { path: { id, term }, query }, signal }));
    students.push(...answer.items);
    if (!answer.nextCursor) return { students, hasMore: false };
    cursor = answer.nextCursor;
  }
  return { students, hasMore: true };
}

/** Who is not registered, class by class. */
export function Missing({ schoolId, term, mayRegister }: { schoolId: string; term: string; mayRegister: boolean }) {
  const t = useWords(termsWords);
  const { data, error, refetch } = useQuery({
    queryKey: ['terms', schoolId, term, 'unregistered'],
    queryFn: ({ signal }) => unregistered(schoolId, term, signal),
  });
  if (error) return <ProblemShown error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spin />;
  if (data.students.length === 0) return <Empty description={t.allRegistered} />;
  const classes = new Map<string, Student[]>();
  for (const student of data.students) {
    const name = `${student.grade} ${student.className ?? ''}`;
    classes.set(name, [...(classes.get(name) ?? []), student]);
  }
  return (
    <section aria-label={t.byClass}>
      <h2 style={{ fontSize: 15, margin: 0 }}>{t.byClass}</h2>
      {mayRegister && <p>{t.pickHelp}</p>}
      {[...classes]
        .sort(([one], [other]) => one.localeCompare(other, 'zh'))
        .map(([name, students]) => (
          <Class key={name} students={students} schoolId={schoolId} term={term} mayRegister={mayRegister} />
        ))}
      {data.hasMore && <p>{t.more}</p>}
    </section>
  );
}

function Class({
  students,
  schoolId,
  term,
  mayRegister,
}: {
  students: readonly Student[];
  schoolId: string;
  term: string;
  mayRegister: boolean;
}) {
  const t = useWords(termsWords);
  const { token } = theme.useToken();
  const { message } = App.useApp();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { go, error, isPending, answer } = useSend({
    send: (studentIds: string[], key) =>
      told(
        api.POST('/api/v1/schools/{id}/terms/{term}/registrations', {
          params: { path: { id: schoolId, term }, header: { 'Idempotency-Key': key } },
          body: { studentIds, dryRun: false },
        }),
      ),
    changes: [['terms']],
    onDone: ({ done, refused }) => message.info(t.result(done, refused)),
  });
  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  const chosen = students.filter(({ studentId }) => !left.has(studentId)).map(({ studentId }) => studentId);
  const [first] = students;
  const why = new Set((answer?.items ?? []).flatMap(({ problem }) => (problem ? [problem.detail ?? problem.title] : [])));
  return (
    <details className="missing" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
      <summary>
        <strong>{first && t.klass(first.grade, first.className ?? t.noClass)}</strong> {t.missing(students.length)}
      </summary>
      <ul>
        {students.map(({ studentId, maskedName, overdue }) => (
          <li key={studentId}>
            {mayRegister ? (
              <Checkbox checked={!left.has(studentId)} onChange={() => toggle(studentId)}>
                {maskedName}
              </Checkbox>
            ) : (
              <Link to={'/students/$id' as never} params={{ id: studentId } as never} aria-label={t.open(maskedName)}>
                {maskedName}
              </Link>
            )}{' '}
            {overdue && <Tag color="warning">{t.isOverdue}</Tag>}
          </li>
        ))}
      </ul>
      {error && <ProblemShown error={error} />}
      {why.size > 0 && <Alert type="warning" showIcon title={t.refused} description={[...why].join('；')} />}
      {mayRegister && (
        <Popconfirm title={t.confirm(chosen.length)} onConfirm={() => go(chosen)}>
          <Button type="primary" disabled={chosen.length === 0} loading={isPending}>
            {t.register(chosen.length)}
          </Button>
        </Popconfirm>
      )}
    </details>
  );
}
