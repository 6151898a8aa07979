import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { api, told } from './api';

type Level = 'national' | 'province' | 'city' | 'county' | 'school';

/** A keystroke asks for nothing; a pause does. */
const PAUSE_MS = 200;

/** Chooses an organisation of the directory by a part of its name. */
export function OrganisationPicker({
  level,
  label,
  placeholder,
  value,
  onChange,
}: {
  level?: Level;
  label: string;
  placeholder?: string;
  value?: string | undefined;
  onChange?: (id: string | undefined) => void;
}) {
  const [typed, setTyped] = useState('');
  const [sought, setSought] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSought(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: ['organisations', level, sought],
    queryFn: ({ signal }) =>
      told(
        api.GET('/api/v1/organisations', {
          params: { query: { limit: 30, ...(level ? { level } : {}), ...(sought ? { q: sought } : {}) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const chosen = useQuery({
    queryKey: ['organisations', value],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organisations/{id}', { params: { path: { id: value ?? '' } }, signal })),
    enabled: value !== undefined,
    staleTime: Infinity,
  });
  const options = (found.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (chosen.data && !options.some((one) => one.value === value)) options.unshift({ value: chosen.data.id, label: chosen.data.name });
  return (
    <Select
      allowClear
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      aria-label={label}
      placeholder={placeholder}
      value={value}
      options={options}
      loading={found.isFetching}
      popupMatchSelectWidth={false}
      style={{ minWidth: 140, maxWidth: 240 }}
      onChange={(id?: string) => onChange?.(id)}
    />
  );
}
