import { apiDocument } from '../../../src/app/app.js';
import { OFFICES } from '../../../src/domain/offices.js';
import { Answers } from '../../fixtures/answers.js';
import { as } from '../../fixtures/client.js';
import { Demonstration } from '../../fixtures/demonstration.js';
import { GeneratedInput, seeded } from '../../fixtures/generated-input.js';
import { startSystem, type System } from '../../fixtures/system.js';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
}

/** Calls of each operation by each office. */
const CALLS = 3;
/** They would end the sessions that the others need, never end themselves, or lead away. */
const ENDING = new RegExp(
  ['/sessions/current$', '/me/sessions', '/events/stream$', '/browser-sessions/oidc', '/me/password$', String.raw`/people/\{id\}/`]
    .concat([String.raw`/organisations/\{id\}/offices`, '/organisation-changes'])
    .join('|'),
);

describe('requests that are made of the document', () => {
  let system: System;
  let document: Awaited<ReturnType<typeof apiDocument>>;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    document = JSON.parse(JSON.stringify(await apiDocument())) as typeof document;
  });
  afterAll(() => system?.stop());

  it.each(OFFICES)('by %s are never met by a fault of ours, and every answer is what the document says', async (office) => {
    const demo = await Demonstration.of(system);
    const account = demo.accounts.find((one) => one.office === office);
    const { token } = await as(system, account?.username ?? '');
    const ids = [account?.organisation.id ?? '', demo.students[0]?.id ?? ''];
    const next = seeded(OFFICES.indexOf(office) + 1);
    const input = new GeneratedInput((document.components?.schemas ?? {}) as never, next, ids);
    const answers = new Answers(document as never);
    const faults: string[] = [];
    let calls = 0;
    for (const [path, item] of Object.entries(document.paths))
      for (const [method, one] of Object.entries(item as Record<string, Operation>)) {
        const body = one.requestBody?.content['application/json'];
        if (ENDING.test(path) || (one.requestBody && !body)) continue;
        for (let call = 0; call < CALLS; call += 1) {
          const odd = call === 0 ? 0 : 0.15;
          const given = one.parameters ?? [];
          const address = given
            .filter(({ in: at }) => at === 'path')
            .reduce((made, { name, schema }) => made.replace(`{${name}}`, encodeURIComponent(String(input.of(schema, 0)))), path);
          const query = given.filter((parameter) => parameter.in === 'query' && (parameter.required === true || next() < 0.4));
          const asked = new URLSearchParams(query.map(({ name, schema }): [string, string] => [name, String(input.of(schema, odd))]));
          const sent = body ? JSON.stringify(input.of(body.schema, odd) ?? {}) : undefined;
          const response = await fetch(`${system.url}${address}?${asked.toString()}`, {
            method: method.toUpperCase(),
            redirect: 'manual',
            headers: {
              Authorization: `Bearer ${token}`,
              'Idempotency-Key': `${office}-${calls}`,
              ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
            },
            ...(sent === undefined ? {} : { body: sent }),
          });
          // Node refuses an address that is too long before the product sees it.
          if (response.status === 431) continue;
          const type = response.headers.get('content-type') ?? '';
          const text = await response.text();
          const answer = { status: response.status, type, body: type.includes('json') ? (JSON.parse(text) as unknown) : text };
          const fault = answers.fault(method.toUpperCase(), address, answer);
          const isOurs = response.status >= 500 && response.status !== 503;
          if (isOurs || fault !== undefined)
            faults.push(`${method.toUpperCase()} ${address} ${sent ?? ''}: ${response.status} ${fault ?? ''}`);
          calls += 1;
        }
      }
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(400);
  });
});
