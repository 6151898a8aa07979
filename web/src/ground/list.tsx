import { Button, Empty, Spin, theme } from 'antd';
import type { ReactNode } from 'react';
import { listWords } from '../words/list';
import { useWords } from './language';
import { ProblemShown } from './problem';
import './list.css';

/** What a list that comes page by page tells of itself. */
interface Paged {
  error: unknown;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
}

/** A column: its heading, and what a row has there. */
export interface Column<R> {
  name: string;
  cell: (row: R) => ReactNode;
}

/** A table that is read page by page, as cards on a narrow screen. */
export function Listed<R extends { id: string }>({
  label,
  list,
  rows,
  columns,
  empty,
  onClear,
}: {
  label: string;
  list: Paged;
  rows: readonly R[];
  columns: readonly Column<R>[];
  empty?: string;
  /** Where filters are set: what takes them away. */
  onClear?: (() => void) | undefined;
}) {
  const t = useWords(listWords);
  const { token } = theme.useToken();
  if (list.error && rows.length === 0) return <ProblemShown error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending)
    return (
      <div role="status" aria-label={t.reading} style={{ padding: 48, textAlign: 'center' }}>
        <Spin />
      </div>
    );
  if (rows.length === 0)
    return (
      <Empty description={onClear ? t.noneFound : (empty ?? t.noneFound)}>{onClear && <Button onClick={onClear}>{t.clear}</Button>}</Empty>
    );
  return (
    <>
      <table className="rows" style={{ background: token.colorBgContainer }}>
        <caption className="only-heard">{label}</caption>
        <thead>
          <tr style={{ color: token.colorTextSecondary, borderColor: token.colorSplit }}>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} style={{ borderColor: token.colorSplit }}>
              {columns.map(({ name, cell }) => (
                <td key={name} data-label={name}>
                  <div>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="rows-end">
        {t.end(rows.length)}
        {list.hasNextPage && (
          <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t.more}
          </Button>
        )}
      </p>
    </>
  );
}
