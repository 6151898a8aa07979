import { theme } from 'antd';
import type { CSSProperties, ReactNode } from 'react';

/** A part of a page with its heading. It is lighter than antd's card, which brings tabs and skeletons with it. */
export function Panel({
  title,
  extra,
  style,
  children,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  style?: CSSProperties;
  children: ReactNode;
}) {
  const { token } = theme.useToken();
  return (
    <section className="panel" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary, ...style }}>
      {title !== undefined && (
        <header style={{ borderColor: token.colorBorderSecondary }}>
          <h2>{title}</h2>
          {extra}
        </header>
      )}
      <div>{children}</div>
    </section>
  );
}
