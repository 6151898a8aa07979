import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { words, type Words } from '../../domain/messages/words.js';
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { json, urlencoded } from 'express';
import { Problem, type FieldProblem } from './problem.js';

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
/**
 * The deepest nesting that is accepted, more than any body of the API needs. Deeper nesting would exhaust the stack of the code that walks
 * it.
 */
const DEEPEST = 20;
/** More fields than any object of ours has, and more values than any body: checking tens of thousands would hold up everybody else. */
const MOST_FIELDS = 100;
const MOST_VALUES = 20_000;

export const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** NUL and half a character (a surrogate without its other half) are what PostgreSQL cannot store. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** What no body may hold: keys that could reach an object's prototype, endless nesting, and text that cannot be kept. */
export function strayIn(body: unknown): Problem | undefined {
  const wrong = (pointer: string, detail: Words) => new Problem('invalid-input', { errors: [{ pointer, detail } satisfies FieldProblem] });
  const left = [{ value: body, pointer: '', depth: 0 }];
  for (let one = left.pop(), values = 1; one; one = left.pop(), values += 1) {
    const { value, pointer, depth } = one;
    if (typeof value === 'string' && UNSTORABLE.test(value)) return wrong(pointer, FIELD_FAULTS.unstorable);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) return new Problem('bad-request', { detail: words(`嵌套超过 ${DEEPEST} 层。`, `nested deeper than ${DEEPEST}`) });
    const fields = Object.entries(value);
    // Counted before any of them is kept, plain values too: a flat list is as long as a body can be.
    if (values + left.length + fields.length > MOST_VALUES || (!Array.isArray(value) && fields.length > MOST_FIELDS))
      return new Problem('bad-request', { detail: words('填写项过多。', 'too many fields') });
    for (const [key, inner] of fields) {
      const at = `${pointer}/${pointerPart(key)}`;
      if (FORBIDDEN.has(key) || UNSTORABLE.test(key)) return wrong(at, FIELD_FAULTS.forbiddenName);
      left.push({ value: inner as unknown, pointer: at, depth: depth + 1 });
    }
  }
  return Array.isArray(body) ? wrong('', FIELD_FAULTS.notObject) : undefined;
}

const UPLOADS = new RegExp(
  '^/api/v1/(evidence|change-requests/batch/sheet|admission-lists/sheet|imports/sheet(/marked)?' +
    '|intakes/(roster(/check|/marked)?|[^/]+/photographs))/?$',
);
/** The page for people, which sends what a browser sends without a script. */
const PAGE = /^\/verify\/?$/;

function wantedBy(path: string): string {
  if (PAGE.test(path)) return 'application/x-www-form-urlencoded';
  return UPLOADS.test(path) ? 'multipart/form-data' : 'application/json';
}

/** A body is JSON, but for uploads and the page; anything else is refused before it is read. */
const mediaType = (request: Request, _response: Response, next: NextFunction): void => {
  const wanted = wantedBy(request.path);
  const { headers } = request;
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  next(hasBody && request.is(wanted) === false ? new Problem('unsupported-media-type') : undefined);
};

/** Here and not in the filter: Nest turns a SyntaxError into an exception that no longer says where it came from. */
const malformed: ErrorRequestHandler = (error: { type?: unknown }, _request, _response, next) =>
  next(error.type === 'entity.parse.failed' ? new Problem('malformed-json') : error);

const wellFormed = (request: Request, _response: Response, next: NextFunction): void => next(strayIn(request.body as unknown));

/** Reads JSON bodies of at most 1 MB, and the short forms of the page; refuses what no route takes. */
export const requestBodies = (): (RequestHandler | ErrorRequestHandler)[] => [
  mediaType,
  json({ limit: '1mb' }),
  urlencoded({ extended: false, limit: '8kb', parameterLimit: 20 }),
  malformed,
  wellFormed,
];
