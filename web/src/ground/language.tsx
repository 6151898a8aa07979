import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Catalogue, Texts } from '../words/catalogue';

export type Language = 'zh' | 'en';
export type Scheme = 'light' | 'dark';

interface Preferences {
  language: Language;
  scheme: Scheme;
  setLanguage: (language: Language) => void;
  setScheme: (scheme: Scheme) => void;
}

const Chosen = createContext<Preferences | undefined>(undefined);

/** A browser may forbid storage: then the choice lasts as long as the page. */
function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Forbidden storage loses only the choice.
  }
}

const firstLanguage = (): Language => {
  const chosen = kept('language');
  return chosen === 'zh' || chosen === 'en' ? chosen : 'zh';
};

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Language and colours, kept on this device; they say nothing about a person. */
export function PreferencesOfThisDevice({ children }: { children: ReactNode }) {
  const [language, setLanguageState] = useState(firstLanguage);
  const [chosen, setChosen] = useState(() => kept('scheme'));
  const [system, setSystem] = useState<Scheme>(dark.matches ? 'dark' : 'light');
  useEffect(() => {
    const heard = () => setSystem(dark.matches ? 'dark' : 'light');
    dark.addEventListener('change', heard);
    return () => dark.removeEventListener('change', heard);
  }, []);
  const scheme = chosen === 'dark' || chosen === 'light' ? chosen : system;
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  useEffect(() => {
    document.documentElement.style.colorScheme = scheme;
    document.documentElement.dataset.scheme = scheme;
  }, [scheme]);
  const setLanguage = useCallback((to: Language) => {
    keep('language', to);
    setLanguageState(to);
  }, []);
  const setScheme = useCallback((to: Scheme) => {
    keep('scheme', to);
    setChosen(to);
  }, []);
  const value = useMemo(() => ({ language, scheme, setLanguage, setScheme }), [language, scheme, setLanguage, setScheme]);
  return <Chosen value={value}>{children}</Chosen>;
}

export function usePreferences(): Preferences {
  const chosen = use(Chosen);
  if (!chosen) throw new Error('outside of PreferencesOfThisDevice');
  return chosen;
}

export const useLanguage = (): Language => usePreferences().language;

/** The texts of a catalogue in the language of the page. */
export function useWords<Z>(catalogue: Catalogue<Z>): Texts<Z> {
  return catalogue[useLanguage()] as Texts<Z>;
}
