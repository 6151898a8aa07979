import { DatePicker } from 'antd';
import dayjs from 'dayjs';

const DAY = 'YYYY-MM-DD';

interface Span {
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
}

/** A filter by the due day, open at either end. */
export function DueBetween({ label, span, onChange }: { label: string; span: Span; onChange: (span: Span) => void }) {
  return (
    <DatePicker.RangePicker
      aria-label={label}
      allowEmpty={[true, true]}
      style={{ width: 250 }}
      value={[span.dueFrom ? dayjs(span.dueFrom) : null, span.dueTo ? dayjs(span.dueTo) : null]}
      onChange={(chosen) => onChange({ dueFrom: chosen?.[0]?.format(DAY), dueTo: chosen?.[1]?.format(DAY) })}
    />
  );
}
