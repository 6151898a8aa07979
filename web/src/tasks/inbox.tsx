import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Checkbox, Empty, Input, Segmented, Select, Space, Spin } from 'antd';
import { useDeferredValue, useMemo, useState } from 'react';
import { ChoiceFilter } from '../ground/choice-filter';
import { useChoices } from '../ground/codes';
import { DueBetween } from '../ground/due-between';
import { useWords } from '../ground/language';
import { OrganisationPicker } from '../ground/organisation-picker';
import { Page } from '../ground/page';
import { ProblemShown } from '../ground/problem';
import { tasksWords } from '../words/tasks';
import { BatchDrawer } from './batch';
import { BOXES, type Box, type Filters } from './filters';
import { inboxQuery } from './inbox-query';
import { InboxTable } from './inbox-table';
import './inbox.css';

const route = getRouteApi('/shell/tasks');

/** The inbox: what waits for the caller's offices, what is in hand, what was decided, what is paused. */
export function Inbox() {
  const t = useWords(tasksWords);
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const box: Box = filters.box ?? 'open';
  const [typed, setTyped] = useState('');
  const [sought, setSought] = useState('');
  const list = useInfiniteQuery(inboxQuery(filters, sought));
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const shown = useDeferredValue(rows);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isDeciding, setDeciding] = useState(false);
  const choose = (next: Partial<Filters>) => {
    setChosen(new Set());
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  };
  const seek = (text: string) => {
    setChosen(new Set());
    setSought(text.trim());
  };
  const together = rows.filter(({ id, state }) => chosen.has(id) && state === 'open');
  const isFiltered = Object.entries(filters).some(([name, value]) => name !== 'box' && value !== undefined) || sought !== '';
  return (
    <Page
      title={t.title}
      extra={
        together.length > 0 && (
          <Button type="primary" onClick={() => setDeciding(true)}>
            {t.batch(together.length)}
          </Button>
        )
      }
    >
      <div className="inbox-filters">
        <Segmented<Box>
          aria-label={t.list}
          value={box}
          options={BOXES.map((one) => ({ value: one, label: t[one] }))}
          onChange={(next) => choose({ box: next === 'open' ? undefined : next })}
        />
        <Input.Search
          allowClear
          className="inbox-find"
          aria-label={t.find}
          placeholder={t.find}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            if (target.value === '') seek('');
          }}
          onSearch={seek}
        />
        <FilterFields filters={filters} onChange={choose} />
      </div>
      {list.error && !list.data ? (
        <ProblemShown error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <div role="status" aria-label={t.reading} style={{ padding: 48, textAlign: 'center' }}>
          <Spin />
        </div>
      ) : rows.length === 0 ? (
        <Empty description={isFiltered ? t.noneFound : box === 'open' ? `${t.noneOpen}。${t.noneOpenWhy}` : t.noneFound}>
          {isFiltered && (
            <Button
              onClick={() => {
                setTyped('');
                setSought('');
                void navigate({ search: { box: filters.box }, replace: true });
              }}
            >
              {t.clear}
            </Button>
          )}
        </Empty>
      ) : (
        <>
          <InboxTable
            rows={shown}
            isDecided={box === 'decided'}
            chosen={chosen}
            onChosen={setChosen}
            hasMore={list.hasNextPage}
            isReading={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
          <p className="inbox-end">
            {t.end(rows.length)}
            {list.hasNextPage && (
              <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t.more}
              </Button>
            )}
            <span className="inbox-keys">{t.keys}</span>
          </p>
        </>
      )}
      {isDeciding && (
        <BatchDrawer
          rows={together}
          onClose={() => {
            setDeciding(false);
            setChosen(new Set());
          }}
        />
      )}
    </Page>
  );
}

function FilterFields({ filters, onChange }: { filters: Filters; onChange: (next: Partial<Filters>) => void }) {
  const t = useWords(tasksWords);
  const kinds = useChoices('change-kinds');
  return (
    <Space wrap size={8}>
      <ChoiceFilter label={t.kind} placeholder={t.allKinds} options={kinds} value={filters.kind} onChange={(kind) => onChange({ kind })} />
      <OrganisationPicker
        level="school"
        label={t.school}
        placeholder={t.allSchools}
        value={filters.schoolId}
        onChange={(schoolId) => onChange({ schoolId })}
      />
      <DueBetween label={t.dueBetween} span={filters} onChange={onChange} />
      <Checkbox checked={filters.overdue === true} onChange={({ target }) => onChange({ overdue: target.checked || undefined })}>
        {t.overdueOnly}
      </Checkbox>
      <Checkbox checked={filters.returned === true} onChange={({ target }) => onChange({ returned: target.checked || undefined })}>
        {t.returned}
      </Checkbox>
      <Select
        aria-label={t.sort}
        value={filters.sort ?? 'dueAt'}
        options={[
          { value: 'dueAt', label: t.byDue },
          { value: 'filedAt', label: t.byFiling },
        ]}
        onChange={(sort) => onChange({ sort: sort === 'filedAt' ? 'filedAt' : undefined })}
      />
    </Space>
  );
}
