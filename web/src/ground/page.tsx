import { useEffect, type ReactNode } from 'react';
import { shellWords } from '../words/shell';
import { useWords } from './language';

/** A page with its heading. The title in the browser's tab is the same, and names no person. */
export function Page({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <>
      <header className="page-head">
        <h1>{title}</h1>
        {extra}
      </header>
      {children}
    </>
  );
}

export function useTitle(title: string): void {
  const { product } = useWords(shellWords);
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
