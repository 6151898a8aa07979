import { randomUUID } from 'node:crypto';
import { admitted, bodiesOf, type Bodies, type Json } from '../fixtures/bodies.js';
import type { ApiClient } from '../fixtures/client.js';
import { startSystem, type System } from '../fixtures/system.js';

const MEGABYTE = 1_000_000;
/** Of CPU, in milliseconds, for any body: this process is the API's, and nothing else goes on in it meanwhile. */
const MOST = 100;
/** Of CPU, in milliseconds, to read and write `FLAT` once where `MOST` was set. A slower machine may take longer in proportion. */
const THERE = 15;

/** A body without its braces, that a field can be put before: what is as much work as a body of a megabyte can be. */
const json = (value: Json): string => JSON.stringify(value);
const LISTS: readonly (readonly [what: string, value: string])[] = [
  ['as many values as are read', json(Array.from({ length: 19_000 }, (_, i) => `v${i}`))],
  ['as many objects as are read', json(Array.from({ length: 19_000 }, () => ({})))],
  [
    'five hundred full objects',
    json(Array.from({ length: 500 }, () => Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, i])))),
  ],
];
const TEXTS: readonly (readonly [what: string, value: string])[] = [
  ['blanks', json(' '.repeat(MEGABYTE - 5000))],
  ['digits', json('1'.repeat(MEGABYTE - 5000))],
  ['letters that nearly fit', json(`${'a'.repeat(MEGABYTE - 5000)}!`)],
];
const FLAT = json(Array.from({ length: MEGABYTE / 6 }, (_, i) => String(i % 1000).padStart(3, '0')));

const cpu = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** `MOST` on this machine. The least of several is taken, because what else runs here only adds. */
function mostHere(): number {
  let least = Infinity;
  for (let n = 0; n < 10; n += 1) {
    const from = process.cpuUsage();
    for (let i = 0; i < 4; i += 1) JSON.stringify(JSON.parse(FLAT));
    least = Math.min(least, cpu(from) / 4);
  }
  return MOST * Math.max(1, least / THERE);
}

describe('the worst body that a route takes', () => {
  let system: System;
  let bodies: Bodies;
  const most = mostHere();
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    bodies = await bodiesOf(system);
  });
  afterAll(() => system?.stop());

  /** CPU of this process while one request is answered; the least of thirty: a first one compiles, and others work beside it. */
  async function costOf(caller: ApiClient, method: string, path: string, body: string): Promise<number> {
    const headers = { Authorization: `Bearer ${caller.token}`, 'Content-Type': 'application/json' };
    let least = Infinity;
    for (let n = 0; n < 30 && least > most; n += 1) {
      const from = process.cpuUsage();
      const answer = await fetch(`${system.url}/api/v1${path}`, { method, body, headers: { ...headers, 'Idempotency-Key': randomUUID() } });
      await answer.arrayBuffer();
      least = Math.min(least, cpu(from));
    }
    return least;
  }

  it('costs little of everybody else’s time, whatever stands in which field', async () => {
    const slow: unknown[] = [];
    let asked = 0;
    for (const route of bodies.routes) {
      const { method, path, address, schema } = route;
      const example = route.example as Record<string, Json> | undefined;
      const caller = await admitted(bodies.callers, route);
      const tried = async (field: string, what: string, value: string) => {
        const { [field]: _replaced, ...others } = example ?? {};
        const body = `${json(others).slice(0, -1)}${Object.keys(others).length > 0 ? ',' : ''}${json(field)}:${value}}`;
        const cost = await costOf(caller, method, address, body);
        asked += 1;
        if (cost > most) slow.push({ method, path, field, what, cost: Math.round(cost) });
      };
      await tried('items', 'a flat list of a megabyte', FLAT);
      for (const [field, inner] of Object.entries(bodies.shapeOf(schema).properties ?? {})) {
        const { type } = bodies.shapeOf(inner);
        for (const [what, value] of type === 'array' ? LISTS : type === 'string' ? TEXTS : []) await tried(field, what, value);
      }
    }
    expect(slow).toEqual([]);
    expect(asked).toBeGreaterThan(300);
  }, 240_000);
});
