import { gzip } from 'node:zlib';
import type { NextFunction, Request, Response } from 'express';

/** Below this an answer travels in a few packets all the same. */
const LEAST_BYTES = 8192;
/** Fast, because the answer waits for it. */
const LEVEL = 4;

/**
 * Compresses long texts, such as lists and the document of the API, for whoever accepts that. Files are compressed already, and answers of
 * a few kilobytes gain nothing. What shows a secret, a token or a key, is always shorter.
 */
export function compressed(request: Request, response: Response, next: NextFunction): void {
  if (request.acceptsEncodings('gzip') === false) return next();
  const send = response.send.bind(response);
  response.send = (body: unknown) => {
    if (typeof body !== 'string' || Buffer.byteLength(body) < LEAST_BYTES || response.headersSent) return send(body);
    response.send = send;
    gzip(body, { level: LEVEL }, (error, packed) => {
      if (error || response.headersSent) return void send(body);
      // A text that is sent as bytes has no type of its own.
      if (!response.getHeader('Content-Type')) response.type('html');
      response.setHeader('Content-Encoding', 'gzip');
      response.vary('Accept-Encoding');
      send(packed);
    });
    return response;
  };
  next();
}
