import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Lets the pages of the Temporal UI, and of nobody else, ask the codec endpoint from the operator's browser. */
export const fromTheUi =
  (origin: string | undefined): RequestHandler =>
  (request: Request, response: Response, next: NextFunction): void => {
    response.vary('Origin');
    if (origin === undefined || request.header('origin') !== origin) return next();
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method !== 'OPTIONS') return next();
    response.setHeader('Access-Control-Allow-Methods', 'POST');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, x-namespace, authorization-extras');
    response.status(204).end();
  };
