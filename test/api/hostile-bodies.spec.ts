import { admitted, bodiesOf, type Bodies, type Json, type Shape } from '../fixtures/bodies.js';
import { sized } from '../fixtures/profile.js';
import { startSystem, type System } from '../fixtures/system.js';

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
  let bodies: Bodies;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    bodies = await bodiesOf(system);
  });
  afterAll(() => system?.stop());

  it('is answered by every route with a problem, or with what it asks, and never with a failure of ours', async () => {
    expect(bodies.routes.length).toBeGreaterThan(40);
    const failed: unknown[] = [];
    let asked = 0;
    for (const [at, route] of bodies.routes.entries()) {
      const { method, path, address, example } = route;
      const caller = await admitted(bodies.callers, route);
      for (const [nth, body] of [...spoiled(example ?? null)].entries()) {
        if ((nth + at) % sized(4, 1) !== 0) continue;
        asked += 1;
        const { status, type } = await caller.send(method, address, body, { 'Idempotency-Key': `hostile-${asked}` });
        if (status >= 500 || (status >= 400 && !type.includes('problem+json'))) failed.push({ status, method, path, body });
      }
    }
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(sized(250, 1000));
  });

  it('names the objects that stand in a list of single values before anything else, fifty at most', async () => {
    const found: unknown[] = [];
    let lists = 0;
    for (const route of bodies.routes) {
      const { method, path, address, schema } = route;
      const caller = await admitted(bodies.callers, route);
      for (const [field, inner] of Object.entries(bodies.shapeOf(schema).properties ?? {})) {
        const { type, items, maxItems } = bodies.shapeOf(inner);
        if (type !== 'array' || bodies.shapeOf(items ?? {}).type !== 'string') continue;
        const most = Math.min(maxItems ?? 0, 60);
        const body = { [field]: Array.from({ length: most }, () => ({ k: 1 })) };
        const answer = await caller.send<{ errors?: { pointer: string }[] }>(method, address, body, { 'Idempotency-Key': `list-${lists}` });
        // The office is asked before anything is read.
        if (answer.status === 403) continue;
        const pointers = answer.body.errors?.map(({ pointer }) => pointer) ?? [];
        const right = Array.from({ length: Math.min(most, 50) }, (_, at) => `/${field}/${at}`);
        if (pointers.slice(0, right.length).join() !== right.join())
          found.push({ method, path, field, status: answer.status, pointers: pointers.slice(0, 3) });
        lists += 1;
      }
    }
    expect(found).toEqual([]);
    expect(lists).toBeGreaterThan(8);
  });

  it('cannot be longer than a bound in any of its lists', () => {
    const seen = new Set<Shape>();
    const unbounded: string[] = [];
    const walk = (shape: Shape, at: string): void => {
      const one = bodies.shapeOf(shape);
      if (seen.has(one)) return;
      seen.add(one);
      if (one.type === 'array' && one.maxItems === undefined) unbounded.push(at);
      for (const [name, inner] of Object.entries(one.properties ?? {})) walk(inner, `${at}/${name}`);
      if (one.items) walk(one.items, `${at}/*`);
      for (const inner of one.allOf ?? []) walk(inner, at);
    };
    for (const { method, path, schema } of bodies.routes) walk(schema, `${method} ${path} `);
    expect(unbounded).toEqual([]);
  });
});
