import { useQuery } from '@tanstack/react-query';
import { AutoComplete, Checkbox, DatePicker, Form, Input, InputNumber, Radio, Select } from 'antd';
import dayjs from 'dayjs';
import { api, told } from './api';
import { SETS, useFieldName } from './case/fields';
import { useChoices } from './codes';
import { useWords } from './language';
import { OrganisationPicker } from './organisation-picker';
import { taskWords } from '../words/task';

interface FieldSchema {
  type?: string;
  format?: string;
  enum?: readonly (string | number)[];
  description?: string;
  maxLength?: number;
  pattern?: string;
  properties?: Readonly<Record<string, FieldSchema>>;
  required?: readonly string[];
}

export interface ObjectSchema extends FieldSchema {
  properties: Readonly<Record<string, FieldSchema>>;
}

const DAY = 'YYYY-MM-DD';

/** What a field means when it is left empty. */
const HELP: Readonly<Record<string, 'stays' | 'noClass' | 'ofEffect'>> = {
  majorCode: 'stays',
  grade: 'stays',
  className: 'noClass',
  firstDay: 'ofEffect',
};

/** Fields of a form made from a JSON Schema. A day is kept as its text. */
export function SchemaFields({
  schema,
  name,
  schoolId,
  without = [],
}: {
  schema: ObjectSchema;
  name: readonly string[];
  schoolId: string;
  /** Fields that the page gives in its own way. */
  without?: readonly string[];
}) {
  const t = useWords(taskWords);
  const label = useFieldName();
  return (
    <>
      {Object.entries(schema.properties)
        .filter(([field]) => !without.includes(field))
        .map(([field, one]) => {
          const needed = schema.required?.includes(field) ?? false;
          const path = [...name, field];
          if (one.properties)
            return (
              <fieldset key={field}>
                <legend>{label(field)}</legend>
                <SchemaFields schema={one as ObjectSchema} name={path} schoolId={schoolId} />
              </fieldset>
            );
          if (one.type === 'array') return null;
          const isDay = one.format === 'date';
          return (
            <Form.Item
              key={field}
              name={path}
              label={label(field)}
              extra={HELP[field] && t[HELP[field]]}
              rules={[{ required: needed, message: t.needed }]}
              {...(isDay
                ? {
                    getValueProps: (value?: string) => ({ value: value ? dayjs(value) : null }),
                    normalize: (value?: dayjs.Dayjs | null) => value?.format(DAY),
                  }
                : {})}
              {...(one.type === 'boolean' ? { valuePropName: 'checked' } : {})}
            >
              {input(field, one, schoolId, name)}
            </Form.Item>
          );
        })}
    </>
  );
}

function input(field: string, schema: FieldSchema, schoolId: string, within: readonly string[]) {
  if (field === 'className') return <ClassPicker schoolId={schoolId} within={within} />;
  if (field === 'majorCode') return <MajorPicker {...(schema.enum ? { offered: schema.enum.map(String) } : {})} />;
  if (field === 'destinationSchoolId') return <SchoolPicker />;
  if (schema.type === 'boolean') return <Checkbox />;
  if (schema.format === 'date') return <DatePicker style={{ width: '100%' }} />;
  if (schema.enum && field === 'ruling') return <Radio.Group options={schema.enum.map((value) => ({ value, label: String(value) }))} />;
  if (schema.enum && field in SETS) return <CodePicker field={field as keyof typeof SETS} offered={schema.enum} />;
  if (schema.enum) return <Select allowClear options={schema.enum.map((value) => ({ value, label: String(value) }))} />;
  if (schema.type === 'integer' || schema.type === 'number') return <InputNumber style={{ width: '100%' }} />;
  if (field === 'grade') return <AutoComplete options={years().map((value) => ({ value }))} />;
  return <Input maxLength={schema.maxLength} />;
}

const years = (): string[] => {
  const now = new Date().getFullYear();
  return [now - 3, now - 2, now - 1, now].map(String);
};

/** What a form gives a field of its own. */
interface Picked {
  value?: string;
  onChange?: (code?: string) => void;
  id?: string;
}

/** A code by its word. */
function CodePicker({ field, offered, value, onChange, id }: Picked & { field: keyof typeof SETS; offered: readonly (string | number)[] }) {
  const options = useChoices(SETS[field]).filter((one) => offered.includes(one.value));
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      {...(id ? { id } : {})}
      value={value}
      options={options}
      onChange={onChange}
    />
  );
}

/** A school of the directory, named as the field is. */
function SchoolPicker({ value, onChange }: Picked) {
  const label = useFieldName();
  return <OrganisationPicker level="school" label={label('destinationSchoolId')} value={value} onChange={(id) => onChange?.(id)} />;
}

/** A major by its code or a part of its name, among those that the school offers. */
function MajorPicker({ offered, value, onChange, id }: Picked & { offered?: readonly string[] }) {
  const { data } = useQuery({
    queryKey: ['code-sets', 'majors'],
    queryFn: async ({ signal }) => {
      const { items } = await told(api.GET('/api/v1/code-sets/{name}', { params: { path: { name: 'majors' } }, signal }));
      return items as unknown as { code: string; zh: string }[];
    },
    staleTime: Infinity,
  });
  const options = (data ?? [])
    .filter(({ code }) => !offered || offered.includes(code))
    .map(({ code, zh }) => ({ value: code, label: `${zh} ${code}` }));
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      {...(id ? { id } : {})}
      value={value}
      options={options}
      onChange={onChange}
    />
  );
}

/** An open class of the school, of the grade and major that were chosen. */
function ClassPicker({ schoolId, within, value, onChange, id }: Picked & { schoolId: string; within: readonly string[] }) {
  const form = Form.useFormInstance();
  const grade = Form.useWatch([...within, 'grade'], form) as string | undefined;
  const majorCode = Form.useWatch([...within, 'majorCode'], form) as string | undefined;
  const { data } = useQuery({
    queryKey: ['classes', schoolId],
    queryFn: ({ signal }) =>
      told(api.GET('/api/v1/schools/{id}/classes', { params: { path: { id: schoolId }, query: { limit: 200 } }, signal })),
    retry: false,
  });
  const options = (data?.items ?? [])
    .filter((one) => (!grade || one.grade === grade) && (!majorCode || one.majorCode === majorCode))
    .map(({ name }) => ({ value: name, label: name }));
  return <Select allowClear showSearch {...(id ? { id } : {})} value={value} options={options} onChange={onChange} />;
}

/** What was filled in: empty fields keep their default. */
export const filled = (data: Readonly<Record<string, unknown>> = {}): Record<string, unknown> | undefined => {
  const given = Object.entries(data)
    .map(([name, value]) => [name, typeof value === 'object' && value && !Array.isArray(value) ? filled(value as never) : value] as const)
    .filter(([, value]) => value !== undefined && value !== '' && value !== null);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
};
