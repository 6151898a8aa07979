import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Checkbox, Select } from 'antd';
import { useMemo, useState } from 'react';
import { ChoiceFilter } from '../ground/choice-filter';
import { api, told, type Schemas } from '../ground/api';
import { useChoices, useManyCodes } from '../ground/codes';
import { useTime } from '../ground/days';
import { useWords } from '../ground/language';
import { Listed, type Column } from '../ground/list';
import { useMe } from '../ground/me';
import { OrganisationPicker } from '../ground/organisation-picker';
import { Page } from '../ground/page';
import { SearchText, soughtStudent } from '../ground/search-text';
import { studentsWords } from '../words/students';
import type { Filters } from './filters';

type Row = Schemas['StudentItem'];

const route = getRouteApi('/shell/students');
const PAGE = 50;

/** Students of the own school, or of the schools below. */
export function Students() {
  const t = useWords(studentsWords);
  const me = useMe();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState('');
  const own = me.offices.find(({ organisation }) => organisation.level === 'school')?.organisation.id;
  const schoolId = filters.schoolId ?? own;
  const list = useInfiniteQuery({
    queryKey: ['students', schoolId, filters, text],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const body = {
        ...filters,
        ...(schoolId ? { schoolId, sort: 'class' as const } : { sort: 'id' as const }),
        ...soughtStudent(text),
        limit: PAGE,
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return told(api.POST('/api/v1/students/search', { body: body as Schemas['StudentSearch'], signal }));
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const choose = (next: Partial<Filters>) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const isFiltered = Object.values(filters).some((value) => value !== undefined) || text !== '';
  return (
    <Page title={t.title}>
      <div className="filters">
        <SearchText label={own ? t.findOwn : t.find} onSeek={setText} />
        <Fields filters={filters} own={own} schoolId={schoolId} onChange={choose} />
      </div>
      <Listed
        label={t.title}
        list={list}
        rows={rows}
        columns={useColumns(own !== undefined)}
        empty={t.none}
        onClear={
          isFiltered
            ? () => {
                setText('');
                void navigate({ search: {}, replace: true });
              }
            : undefined
        }
      />
    </Page>
  );
}

interface Narrowing {
  filters: Filters;
  own: string | undefined;
  schoolId: string | undefined;
  onChange: (next: Partial<Filters>) => void;
}

function Fields({ filters, own, schoolId, onChange }: Narrowing) {
  const t = useWords(studentsWords);
  const states = useChoices('enrolment-states');
  const classes = useQuery({
    queryKey: ['classes', schoolId],
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/schools/{id}/classes', { params: { path: { id: schoolId ?? '' }, query: { limit: 200 } }, signal })),
    enabled: schoolId !== undefined,
    retry: false,
  });
  return (
    <>
      {!own && (
        <OrganisationPicker
          level="school"
          label={t.school}
          placeholder={t.anySchool}
          value={filters.schoolId}
          onChange={(id) => onChange({ schoolId: id, classId: undefined })}
        />
      )}
      {schoolId && (
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t.className}
          placeholder={t.anyClass}
          value={filters.classId}
          options={(classes.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          popupMatchSelectWidth={false}
          style={{ minWidth: 160 }}
          onChange={(classId) => onChange({ classId })}
        />
      )}
      <ChoiceFilter
        label={t.state}
        placeholder={t.allStates}
        options={states}
        value={filters.state}
        onChange={(state) => onChange({ state })}
      />
      <Checkbox checked={filters.unplaced === true} onChange={({ target }) => onChange({ unplaced: target.checked || undefined })}>
        {t.unplacedOnly}
      </Checkbox>
    </>
  );
}

function useColumns(isOwn: boolean): Column<Row>[] {
  const t = useWords(studentsWords);
  const word = useManyCodes(['sexes', 'enrolment-states']);
  const time = useTime();
  return [
    {
      name: t.name,
      cell: ({ id, name, maskedName }) => (
        <Link to="/students/$id" params={{ id }}>
          {name ?? maskedName}
        </Link>
      ),
    },
    { name: t.number, cell: ({ studentNumber }) => <span className="figures">{studentNumber}</span> },
    { name: t.sex, cell: ({ sex }) => word('sexes', sex) },
    ...(isOwn ? [] : [{ name: t.school, cell: ({ school }: Row) => school.name }]),
    { name: t.grade, cell: ({ grade }) => grade },
    { name: t.className, cell: ({ className }) => className ?? t.unplaced },
    { name: t.state, cell: ({ state }) => word('enrolment-states', state) },
    { name: t.changed, cell: ({ changedAt }) => <span className="figures">{time(changedAt)}</span> },
  ];
}
