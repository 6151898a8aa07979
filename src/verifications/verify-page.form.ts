import type { Request } from 'express';
import { keptText } from '../domain/text.js';
import { LANGUAGES, type Language } from '../domain/messages/words.js';
import { FORMS, type FormName, type Typed } from './verify-page.view.js';

const MOST = 100;

/** What a link asked for, else what the browser prefers; Chinese unless that is English. */
export function pageLanguage(request: Request, lang: unknown): Language {
  const named = LANGUAGES.find((one) => one === lang);
  return named ?? (request.acceptsLanguages([...LANGUAGES]) === 'en' ? 'en' : 'zh');
}

/** The fields of the form that was sent, and of no other; too long a text is none. */
export function typedIn(body: unknown): { form: FormName; typed: Typed; challenge?: string } {
  const sent = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const form: FormName = sent.form === 'number' ? 'number' : 'code';
  const typed = Object.fromEntries(
    FORMS[form].flatMap((name): [string, string][] => {
      const value = sent[name];
      return typeof value === 'string' && value.length <= MOST ? [[name, keptText(value)]] : [];
    }),
  );
  return { form, typed, ...(typeof sent.challenge === 'string' ? { challenge: sent.challenge } : {}) };
}
