import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { api, told } from '../ground/api';
import { useCodes } from '../ground/codes';
import { useWords } from '../ground/language';
import { Listed } from '../ground/list';
import { SearchText, soughtStudent } from '../ground/search-text';
import { filingWords } from '../words/filing';

const MOST = 20;

/** A student of the own school, by name, number or class. */
export function FindStudent({ schoolId, onChosen }: { schoolId: string; onChosen: (id: string) => void }) {
  const t = useWords(filingWords);
  const state = useCodes('enrolment-states');
  const [text, setText] = useState('');
  const [classId, setClassId] = useState<string>();
  const classes = useQuery({
    queryKey: ['classes', schoolId],
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/schools/{id}/classes', { params: { path: { id: schoolId }, query: { limit: 200 } }, signal })),
    retry: false,
  });
  const found = useQuery({
    queryKey: ['students', 'to-file', schoolId, classId, text],
    queryFn: ({ signal }) =>
      told(
        api.POST('/api/v1/students/search', {
          body: { schoolId, sort: 'class', limit: MOST, ...(classId ? { classId } : {}), ...soughtStudent(text) },
          signal,
        }),
      ),
    enabled: text !== '' || classId !== undefined,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className="filters">
        <SearchText label={t.find} onSeek={setText} />
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t.byClass}
          placeholder={t.anyClass}
          value={classId}
          options={(classes.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          popupMatchSelectWidth={false}
          style={{ minWidth: 160 }}
          onChange={setClassId}
        />
      </div>
      {(text !== '' || classId !== undefined) && (
        <Listed
          label={t.results}
          list={{
            error: found.error,
            isPending: found.isPending,
            hasNextPage: false,
            isFetchingNextPage: false,
            refetch: found.refetch,
            fetchNextPage: found.refetch,
          }}
          rows={found.data?.items ?? []}
          empty={t.noneFound}
          columns={[
            { name: t.name, cell: ({ name, maskedName }) => name ?? maskedName },
            { name: t.number, cell: ({ studentNumber }) => <span className="figures">{studentNumber}</span> },
            { name: t.className, cell: ({ className }) => className ?? t.unplaced },
            { name: t.state, cell: (row) => state(row.state) },
            {
              name: t.choose,
              cell: ({ id, name, maskedName }) => (
                <Button size="small" aria-label={t.chooseWhom(name ?? maskedName)} onClick={() => onChosen(id)}>
                  {t.choose}
                </Button>
              ),
            },
          ]}
        />
      )}
    </>
  );
}
