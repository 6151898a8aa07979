import { useNavigate } from '@tanstack/react-router';
import { Segmented } from 'antd';
import './views.css';

/** The parts of a page, of which the address names one; the first where it names none. */
export function Views<V extends string>({
  label,
  value,
  views,
  words,
  kept,
}: {
  label: string;
  value: V;
  views: readonly V[];
  words: Readonly<Record<V, string>>;
  /** What stays in the address when another part is chosen. */
  kept?: object;
}) {
  const navigate = useNavigate();
  return (
    <div className="views">
      <Segmented<V>
        aria-label={label}
        value={value}
        options={views.map((one) => ({ value: one, label: words[one] }))}
        onChange={(view) => void navigate({ to: '.', search: { ...kept, view: view === views[0] ? undefined : view } as never })}
      />
    </div>
  );
}
