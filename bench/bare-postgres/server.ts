import http, { type IncomingMessage } from 'node:http';
import pg from 'pg';
import { PLANS } from '../plans.js';
import { decide, file, inbox, personOf, type Filing } from './transactions.js';

/** The process of the lower bound: `node:http`, `pg` and nothing else. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20, options: PLANS });

async function bodyOf<T>(request: IncomingMessage): Promise<T> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
}

async function answer(request: IncomingMessage): Promise<object> {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const person = await personOf(pool, token);
  if (!person) throw new Error('not signed in');
  const [, what, id = ''] = (request.url ?? '').split('/');
  const key = String(request.headers['idempotency-key']);
  if (what === 'inbox') return inbox(pool, id);
  if (what === 'cases') return file(pool, person, key, await bodyOf<Filing>(request));
  return decide(pool, person, key, id, await bodyOf(request));
}

const server = http.createServer((request, response) => {
  answer(request).then(
    (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    (error: Error) => response.writeHead(500).end(error.message),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.once('SIGTERM', () => process.exit(0));
