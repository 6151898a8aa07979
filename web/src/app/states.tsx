import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Button, Result, Spin } from 'antd';
import { shellWords } from '../words/shell';
import { useWords } from '../ground/language';
import { ProblemShown } from '../ground/problem';

const PLACE = { maxWidth: 720, margin: '48px auto', padding: '0 16px' } as const;

export function Waiting() {
  const t = useWords(shellWords);
  return (
    <div style={PLACE} role="status" aria-label={t.loading}>
      <Spin size="large" />
    </div>
  );
}

/** A part of the page could not be loaded because a new version replaced it. */
const isOfAnOlderVersion = (error: unknown): boolean =>
  error instanceof Error && /dynamically imported module|module script/i.test(error.message);

export function FailedPage({ error, reset }: ErrorComponentProps) {
  const t = useWords(shellWords);
  const router = useRouter();
  if (isOfAnOlderVersion(error))
    return (
      <Result
        title={t.newerTitle}
        subTitle={t.newer}
        extra={
          <Button type="primary" onClick={() => location.reload()}>
            {t.reload}
          </Button>
        }
      />
    );
  return (
    <div style={PLACE}>
      <ProblemShown
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}

export function NoSuchPage() {
  const t = useWords(shellWords);
  return (
    <Result
      status="404"
      title={<h1 style={{ font: 'inherit', margin: 0 }}>{t.notFoundTitle}</h1>}
      subTitle={t.notFound}
      extra={<Link to="/">{t.toDesk}</Link>}
    />
  );
}
