import { randomUUID } from 'node:crypto';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Shape {
  $ref?: string;
  type?: string;
  properties?: Record<string, Shape>;
  items?: Shape;
  allOf?: Shape[];
  maxItems?: number;
}

interface Document {
  components: { schemas: Record<string, Shape> };
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Shape; example?: unknown }> } }>>;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const MEGABYTE = 1_000_000;
/** Of CPU, in milliseconds, for any body: this process is the API's, and nothing else goes on in it meanwhile. */
const MOST = 100;

/** A body without its braces, that a field can be put before: what is as much work as a body of a megabyte can be. */
const json = (value: Json): string => JSON.stringify(value);
const LISTS: readonly (readonly [what: string, value: string])[] = [
  ['as many values as are read', json(Array.from({ length: 11_900 }, (_, i) => `v${i}`))],
  ['as many objects as are read', json(Array.from({ length: 11_900 }, () => ({})))],
  [
    'five hundred full objects',
    json(Array.from({ length: 500 }, () => Object.fromEntries(Array.from({ length: 22 }, (_, i) => [`k${i}`, i])))),
  ],
];
const TEXTS: readonly (readonly [what: string, value: string])[] = [
  ['blanks', json(' '.repeat(MEGABYTE - 5000))],
  ['digits', json('1'.repeat(MEGABYTE - 5000))],
  ['letters that nearly fit', json(`${'a'.repeat(MEGABYTE - 5000)}!`)],
];
const FLAT = json(Array.from({ length: MEGABYTE / 6 }, (_, i) => String(i % 1000).padStart(3, '0')));

describe('the worst body that a route takes', () => {
  let system: System;
  let document: Document;
  let callers: ApiClient[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    document = (await (await fetch(`${system.url}/openapi.json`)).json()) as Document;
    const demo = await Demonstration.of(system);
    const [school] = acrossCounties(demo);
    callers = await Promise.all([demo.holder(school.id, 'schoolClerk'), 'supervisor.330110', 'operator'].map((name) => as(system, name)));
  });
  afterAll(() => system?.stop());

  const bodiesOf = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { requestBody }]) => {
        const { schema, example } = requestBody?.content['application/json'] ?? {};
        return schema ? [{ method: method.toUpperCase(), path, schema, example: (example ?? {}) as Record<string, Json> }] : [];
      }),
    );
  const shapeOf = (shape: Shape): Shape => {
    const name = shape.$ref?.split('/').at(-1);
    const found = name ? document.components.schemas[name] : shape;
    return found ?? {};
  };

  /** CPU of this process while one request is answered; the least of five, because a first one compiles what it runs. */
  async function costOf(caller: ApiClient, method: string, path: string, body: string): Promise<number> {
    const headers = { Authorization: `Bearer ${caller.token}`, 'Content-Type': 'application/json' };
    let least = Infinity;
    for (let n = 0; n < 5 && least > MOST; n += 1) {
      const from = process.cpuUsage();
      const answer = await fetch(`${system.url}/api/v1${path}`, { method, body, headers: { ...headers, 'Idempotency-Key': randomUUID() } });
      await answer.arrayBuffer();
      const { user, system: kernel } = process.cpuUsage(from);
      least = Math.min(least, (user + kernel) / 1000);
    }
    return least;
  }

  it('costs little of everybody else’s time, whatever stands in which field', async () => {
    const slow: unknown[] = [];
    let asked = 0;
    for (const { method, path, example, schema } of bodiesOf()) {
      const address = path.replace('/api/v1', '').replace(/\{\w+\}/g, '0192f5c2-0000-7000-8000-000000000009');
      const tried = async (field: string, what: string, value: string) => {
        const { [field]: _replaced, ...others } = example;
        const body = `${json(others).slice(0, -1)}${Object.keys(others).length > 0 ? ',' : ''}${json(field)}:${value}}`;
        const cost = await costOf(callers[asked++ % callers.length]!, method, address, body);
        if (cost > MOST) slow.push({ method, path, field, what, cost: Math.round(cost) });
      };
      await tried('items', 'a flat list of a megabyte', FLAT);
      for (const [field, inner] of Object.entries(shapeOf(schema).properties ?? {})) {
        const { type } = shapeOf(inner);
        for (const [what, value] of type === 'array' ? LISTS : type === 'string' ? TEXTS : []) await tried(field, what, value);
      }
    }
    expect(slow).toEqual([]);
    expect(asked).toBeGreaterThan(300);
  }, 240_000);

  it('has a bound for each of its lists', () => {
    const seen = new Set<Shape>();
    const unbounded: string[] = [];
    const walk = (shape: Shape, at: string): void => {
      const one = shapeOf(shape);
      if (seen.has(one)) return;
      seen.add(one);
      if (one.type === 'array' && one.maxItems === undefined) unbounded.push(at);
      for (const [name, inner] of Object.entries(one.properties ?? {})) walk(inner, `${at}/${name}`);
      if (one.items) walk(one.items, `${at}/*`);
      for (const inner of one.allOf ?? []) walk(inner, at);
    };
    for (const { method, path, schema } of bodiesOf()) walk(schema, `${method} ${path} `);
    expect(unbounded).toEqual([]);
  });
});
