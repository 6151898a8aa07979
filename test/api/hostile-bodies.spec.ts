import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Shape {
  $ref?: string;
  type?: string;
  example?: unknown;
  properties?: Record<string, Shape>;
  items?: Shape;
  allOf?: Shape[];
}

interface Document {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Shape; example?: unknown }> } }>>;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What may stand where something else belongs. */
const STRANGERS: readonly Json[] = [null, true, -1, 1e20, '', '\ud800', [], [null], {}, { constructed: 1 }];

/** Every body that differs from a good one in one place: a field left out, or a stranger in its stead; as deep as it goes. */
function* spoiled(value: Json): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const otherwise = (other: Json | undefined): Json => {
      if (Array.isArray(value)) return value.map((one, at) => (String(at) === name ? (other ?? null) : one));
      const { [name]: _left, ...rest } = value;
      return other === undefined ? rest : { ...rest, [name]: other };
    };
    yield otherwise(undefined);
    for (const stranger of STRANGERS) yield otherwise(stranger);
    for (const deeper of spoiled(inner)) yield otherwise(deeper);
  }
}

/** Bodies that the checks of their shape let through by halves were answered with 500. */
describe('a body that is wrong in one place', () => {
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

  it('is answered by every route with a problem, or with what it asks, and never with a failure of ours', async () => {
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { requestBody }]) => {
        const example = requestBody?.content['application/json']?.example as Json | undefined;
        return example === undefined ? [] : [{ method: method.toUpperCase(), path, example }];
      }),
    );
    expect(routes.length).toBeGreaterThan(40);
    const failed: unknown[] = [];
    let asked = 0;
    for (const { method, path, example } of routes) {
      const address = path.replace('/api/v1', '').replace(/\{\w+\}/g, '0192f5c2-0000-7000-8000-000000000009');
      for (const body of spoiled(example)) {
        const caller = callers[asked % callers.length]!;
        asked += 1;
        const { status, type } = await caller.send(method, address, body, { 'Idempotency-Key': `hostile-${asked}` });
        if (status >= 500 || (status >= 400 && !type.includes('problem+json'))) failed.push({ status, method, path, body });
      }
    }
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(1000);
  });
});
