import { randomUUID } from 'node:crypto';
import { populate, type School } from '../../../bench/population.js';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { as, type ApiClient } from '../../fixtures/client.js';
import { fileAll, filingsFrom } from '../../fixtures/many-cases.js';
import { startSystem, type System } from '../../fixtures/system.js';

const MANY = 510;

interface Answer {
  readonly items: readonly { readonly requestId: string; readonly status: number }[];
  readonly more: boolean;
}

describe('re-routing a step of more requests than one call takes', () => {
  let system: System;
  let operator: ApiClient;
  let from: School;
  let to: School;
  let ids: string[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    operator = await as(system, 'operator');
    const population = await populate(system.databaseUrl, { counties: 1, schools: 2, students: 2 * MANY });
    [from, to] = population.schools as [School, School];
    ids = await fileAll(
      system.url,
      filingsFrom(population, ({ id }) => id === from.id),
    );
  });
  afterAll(() => system?.stop());

  it('takes the five hundred oldest and says that there are more; asked again, also twice, it takes the rest', async () => {
    const reroute = (key: string) =>
      operator.post<Answer>('/operations/reroutes', { step: 'sourceSchool', from: from.id, to: to.id, reason: '学校停办' }, key);
    const filed = await inScope(system.db, 'system', (tx) =>
      tx.query<{ id: string }[]>('select id from change_request order by filed_at, id'),
    );
    const oldest = filed.map(({ id }) => id);
    expect(oldest).toHaveLength(MANY);
    expect([...ids].sort()).toEqual([...oldest].sort());
    const [one, other] = [randomUUID(), randomUUID()];
    const first = (await reroute(one)).body;
    expect([first.items.map(({ requestId }) => requestId), first.more]).toEqual([oldest.slice(0, 500), true]);
    const rest = (await reroute(other)).body;
    expect([rest.items.map(({ requestId }) => requestId), rest.more]).toEqual([oldest.slice(500), false]);
    expect(new Set([...first.items, ...rest.items].map(({ status }) => status))).toEqual(new Set([200]));
    expect([(await reroute(one)).body, (await reroute(other)).body]).toEqual([first, rest]);
    const acts = await inScope(system.db, 'system', (tx) =>
      tx.query<object[]>(`select count(*)::int as n, count(distinct stream_id)::int as requests from act where kind = 'redirected'`),
    );
    expect(acts).toEqual([{ n: MANY, requests: MANY }]);
  });
});
