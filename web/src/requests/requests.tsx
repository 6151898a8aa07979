import { WarningFilled } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Checkbox, Segmented, Select, Space, Tag } from 'antd';
import { useMemo, useState } from 'react';
import { ChoiceFilter } from '../ground/choice-filter';
import { api, told, type Schemas } from '../ground/api';
import { useChoices, useManyCodes } from '../ground/codes';
import { DueDay, useTime } from '../ground/days';
import { DueBetween } from '../ground/due-between';
import { useWords } from '../ground/language';
import { Listed, type Column } from '../ground/list';
import { useMe } from '../ground/me';
import { Page } from '../ground/page';
import { SearchText, studentNamed } from '../ground/search-text';
import { useWorkingDaysLeft } from '../ground/working-days';
import { requestsWords } from '../words/requests';
import type { Filters } from './filters';

type Row = Schemas['ChangeRequestView'];

const route = getRouteApi('/shell/requests');
const PAGE = 50;
const NUMBER = /^\d{4}-\d+$/;

/** Requests of the caller and of their organisation. */
export function Requests() {
  const t = useWords(requestsWords);
  const me = useMe();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [sought, setSought] = useState('');
  const list = useInfiniteQuery({
    queryKey: ['requests', filters, sought],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...filters, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      if (NUMBER.test(sought)) return told(api.GET('/api/v1/change-requests', { params: { query: { ...asked, number: sought } }, signal }));
      if (sought === '') return told(api.GET('/api/v1/change-requests', { params: { query: asked }, signal }));
      const body = { ...asked, student: studentNamed(sought) } as Schemas['RequestSearch'];
      return told(api.POST('/api/v1/change-requests/search', { body, signal }));
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: 30_000,
  });
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const choose = (next: Partial<Filters>) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const { filedBy, sort, ...narrowing } = filters;
  const isFiltered = Object.values(narrowing).some((value) => value !== undefined) || sought !== '';
  return (
    <Page title={t.title}>
      <div className="filters">
        <Segmented
          aria-label={t.scope}
          value={filedBy === me.id ? 'mine' : 'all'}
          options={[
            { value: 'mine', label: t.mine },
            { value: 'all', label: t.all },
          ]}
          onChange={(scope) => choose({ filedBy: scope === 'mine' ? me.id : undefined })}
        />
        <SearchText label={t.find} onSeek={setSought} />
        <Fields filters={filters} onChange={choose} />
      </div>
      <Listed
        label={t.title}
        list={list}
        rows={rows}
        columns={useColumns()}
        empty={t.none}
        onClear={
          isFiltered
            ? () => {
                setSought('');
                void navigate({ search: { filedBy, sort }, replace: true });
              }
            : undefined
        }
      />
    </Page>
  );
}

function Fields({ filters, onChange }: { filters: Filters; onChange: (next: Partial<Filters>) => void }) {
  const t = useWords(requestsWords);
  const kinds = useChoices('change-kinds');
  const states = useChoices('request-states');
  return (
    <Space wrap size={8}>
      <ChoiceFilter
        label={t.state}
        placeholder={t.allStates}
        options={states}
        value={filters.state}
        onChange={(state) => onChange({ state })}
      />
      <ChoiceFilter label={t.kind} placeholder={t.allKinds} options={kinds} value={filters.kind} onChange={(kind) => onChange({ kind })} />
      <DueBetween label={t.dueBetween} span={filters} onChange={onChange} />
      <Checkbox checked={filters.overdue === true} onChange={({ target }) => onChange({ overdue: target.checked || undefined })}>
        {t.overdueOnly}
      </Checkbox>
      <Select
        aria-label={t.sort}
        value={filters.sort ?? 'filedAt'}
        options={[
          { value: 'filedAt', label: t.byFiling },
          { value: 'dueAt', label: t.byDue },
        ]}
        onChange={(sort) => onChange({ sort: sort === 'dueAt' ? 'dueAt' : undefined })}
      />
    </Space>
  );
}

function useColumns(): Column<Row>[] {
  const t = useWords(requestsWords);
  const word = useManyCodes(['change-kinds', 'steps', 'request-states', 'holds']);
  const time = useTime();
  const left = useWorkingDaysLeft();
  return [
    {
      name: t.number,
      cell: (row) => (
        <>
          <Link to="/requests/$id" params={{ id: row.id }} className="figures">
            {row.number}
          </Link>
          <div>{word('change-kinds', row.kind)}</div>
        </>
      ),
    },
    {
      name: t.student,
      cell: (row) =>
        row.batch ? (
          <>
            <Tag>{t.batchCase}</Tag> {row.batch}
          </>
        ) : (
          row.maskedName
        ),
    },
    {
      name: t.schools,
      cell: ({ sourceSchool, destinationSchool }) => (
        <>
          {sourceSchool.name}
          {destinationSchool && <div>→ {destinationSchool.name}</div>}
        </>
      ),
    },
    {
      name: t.state,
      cell: ({ state, hold }) => (
        <>
          {word('request-states', state)}
          {hold && (
            <div>
              <Tag icon={<WarningFilled />}>{word('holds', hold.kind)}</Tag>
            </div>
          )}
        </>
      ),
    },
    {
      name: t.holder,
      cell: ({ currentTasks, processing }) =>
        currentTasks.length > 0
          ? currentTasks.map(({ id, step, holder }) => (
              <div key={id}>
                {word('steps', step)}：{holder.name}
              </div>
            ))
          : processing
            ? t.processing
            : '—',
    },
    {
      name: t.due,
      cell: ({ currentTasks }) =>
        currentTasks.map((task) => (
          <div key={task.id}>
            <DueDay dueDate={task.dueDate} overdue={task.overdue} provisional={task.provisional} workingDaysLeft={left(task.dueDate)} />
          </div>
        )),
    },
    { name: t.filed, cell: ({ filedAt }) => <span className="figures">{time(filedAt)}</span> },
  ];
}
