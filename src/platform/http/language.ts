import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Request, Response } from 'express';
import { LANGUAGES, type Language, type Words } from '../../domain/messages/words.js';

const asked = new AsyncLocalStorage<Language>();

/** The language that a request asks for by `Accept-Language`; Chinese unless it prefers English. */
export const languageOf = (request: Request): Language => {
  const found = request.acceptsLanguages([...LANGUAGES]);
  return found === 'en' ? 'en' : 'zh';
};

/** Answers a request in the language that it asks for. */
export function speaking(request: Request, response: Response, next: NextFunction): void {
  const language = languageOf(request);
  response.setHeader('Content-Language', language);
  response.vary('Accept-Language');
  asked.run(language, next);
}

/** Does work in the language of a request, where its context was lost on the way. */
export const inLanguageOf = <T>(request: Request, work: () => T): T => asked.run(languageOf(request), work);

/** A text in the language of the request at hand; in Chinese outside of any. */
export const told = (words: Words): string => words[asked.getStore() ?? 'zh'];
