import { Select } from 'antd';

interface Given<T extends string> {
  label: string;
  /** What stands there while nothing is chosen. */
  placeholder: string;
  options: { value: string; label: string }[];
  value: T | undefined;
  onChange: (value: T | undefined) => void;
}

/** A filter of a list by one of a few values, or by none. */
export function ChoiceFilter<T extends string>({ label, placeholder, options, value, onChange }: Given<T>) {
  return (
    <Select<T>
      allowClear
      aria-label={label}
      placeholder={placeholder}
      value={value}
      options={options as { value: T; label: string }[]}
      popupMatchSelectWidth={false}
      style={{ minWidth: 120 }}
      onChange={(chosen?: T) => onChange(chosen)}
    />
  );
}
