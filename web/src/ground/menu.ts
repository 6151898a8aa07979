import type { ReactNode } from 'react';
import type { Catalogue } from '../words/catalogue';

/** A line of the menu. */
export interface MenuEntry {
  /** The path of the page. */
  to: string;
  icon: ReactNode;
  words: Catalogue<{ readonly menu: string }>;
  /** Whose menu shows it; without these everybody's. */
  offices?: readonly string[];
}
