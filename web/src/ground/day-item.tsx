import { DatePicker, Form } from 'antd';
import dayjs from 'dayjs';
import { formWords } from '../words/form';
import { useWords } from './language';

/** A day in a form, kept as `2026-12-01`. */
export function DayItem({ name, label, required = false, help }: { name: string; label: string; required?: boolean; help?: string }) {
  const t = useWords(formWords);
  return (
    <Form.Item
      name={name}
      label={label}
      {...(help ? { extra: help } : {})}
      rules={[{ required, message: t.needed }]}
      getValueProps={(value?: string) => ({ value: value ? dayjs(value) : null })}
      normalize={(value?: dayjs.Dayjs | null) => value?.format('YYYY-MM-DD')}
    >
      <DatePicker style={{ width: '100%' }} />
    </Form.Item>
  );
}
