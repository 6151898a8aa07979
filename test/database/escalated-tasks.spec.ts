import { randomUUID } from 'node:crypto';
import { inScope } from '../../src/platform/database/in-scope.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { generatedTasks } from '../fixtures/many-tasks.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

const NOW = new Date('2026-10-01T10:00:00+08:00');
type Page = [overdue: boolean | null, kind: string | null, afterAt: Date | null, afterId: string | null, most: number];

describe('the tasks that were escalated to a supervisor, more of everybody than are looked through one by one', () => {
  let system: System;
  let [province, county]: string[] = [];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    const demo = await Demonstration.of(system);
    await generatedTasks(system, 9000, '2026-08-03', '2026-11-20');
    const [school] = withinACounty(demo);
    [province, county] = [demo.at(school, 'province') ?? '', demo.at(school, 'county') ?? ''];
    // The province has nearly all; of the county's a few are the most urgent and most are not.
    await asOwner(
      system,
      `with one as (select id, row_number() over (order by due_at, id) as nth from task)
       update task t set escalated_to = case when nth % 100 = 0 or nth > 8800 then array[$2, $1] else array[$1] end::uuid[] from one
         where one.id = t.id`,
      [province, county],
    );
  });
  afterAll(() => system?.stop());

  const shown = (organisation: string, [overdue, kind, ...rest]: Page) =>
    inScope(system.db, { personId: randomUUID(), offices: [{ office: 'authoritySupervisor', organisationId: organisation }] }, async (tx) =>
      (
        await tx.query<{ id: string }[]>('select escalated_tasks($1::uuid[], $2, $3, $4, $5, $6, $7) as id', [
          [organisation],
          overdue,
          NOW,
          kind,
          ...rest,
        ])
      ).map(({ id }) => id),
    );
  const counted = async (organisation: string, [overdue, kind, afterAt, afterId, most]: Page) => {
    const all = await asOwner<{ id: string; dueAt: Date; kind: string }[]>(
      system,
      'select id, due_at as "dueAt", kind from task where $1 = any(escalated_to) order by due_at, id',
      [organisation],
    );
    return all
      .filter((task) => (overdue === null || overdue === task.dueAt <= NOW) && (kind === null || kind === task.kind))
      .filter(({ dueAt, id }) => !afterAt || !afterId || dueAt > afterAt || (dueAt.getTime() === afterAt.getTime() && id > afterId))
      .slice(0, most)
      .map(({ id }) => id);
  };

  it.each([
    ['all', [null, null]],
    ['the overdue ones', [true, null]],
    ['those not overdue', [false, null]],
    ['those of one kind', [null, 'death']],
  ] as const)('are the most urgent first, page after page, for one who has nearly all and one who has few: %s', async (_, which) => {
    for (const organisation of [province!, county!]) {
      let [at, id]: [Date | null, string | null] = [null, null];
      for (let pages = 0; pages < 4; pages += 1) {
        const page: Page = [...which, at, id, 120];
        const found = await shown(organisation, page);
        expect(found).toEqual(await counted(organisation, page));
        if (pages === 0) expect(found.length).toBeGreaterThan(10);
        // prettier-ignore
        const whole = 'select id, due_at as "dueAt" from task where id = $1';
        const [last] = await asOwner<{ id: string; dueAt: Date }[]>(system, whole, [found.at(-1)]);
        if (!last) break;
        [at, id] = [last.dueAt, last.id];
      }
    }
  });
});
