import { Segmented } from 'antd';
import './views.css';

/** The parts of a page, of which the address names one. */
export function Views<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChange: (value: V) => void;
}) {
  return (
    <div className="views">
      <Segmented<V> aria-label={label} value={value} options={[...options]} onChange={onChange} />
    </div>
  );
}
