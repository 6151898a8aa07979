import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Request, Response } from 'express';
import { LANGUAGES, type Language, type Words } from '../../domain/messages/words.js';

/** `mul`, which BCP 47 has for several languages, asks for both. */
type Asked = Language | 'mul';

const asked = new AsyncLocalStorage<Asked>();

const askedBy = (request: Request): Asked => (request.acceptsLanguages([...LANGUAGES, 'mul']) === 'mul' ? 'mul' : languageOf(request));

/** The language that a request asks for by `Accept-Language`; Chinese unless it prefers English. */
export const languageOf = (request: Request): Language => {
  const found = request.acceptsLanguages([...LANGUAGES]);
  return found === 'en' ? 'en' : 'zh';
};

/** Answers a request in the language that it asks for, or in both. */
export function speaking(request: Request, response: Response, next: NextFunction): void {
  const language = askedBy(request);
  response.setHeader('Content-Language', language === 'mul' ? LANGUAGES.join(', ') : language);
  response.vary('Accept-Language');
  asked.run(language, next);
}

/** Does work in the language of a request, where its context was lost on the way. */
export const inLanguageOf = <T>(request: Request, work: () => T): T => asked.run(askedBy(request), work);

/** A text in the language of the request at hand, in both Chinese first; in Chinese outside of any request. */
export function told(words: Words): string {
  const language = asked.getStore() ?? 'zh';
  return language === 'mul' ? [...new Set(LANGUAGES.map((one) => words[one]))].join(' / ') : words[language];
}
