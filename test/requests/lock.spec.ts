import { inScope } from '../../src/platform/database/in-scope.js';
import { lockCase } from '../../src/cases/cases.store.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the lock of a case', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('does not wait for a row that only names the request', async () => {
    const { id } = await Story.transfer(system, demo, withinACounty(demo));
    const named = 'insert into stale_case (request_id, moved_seq, moved_at, noted_at) values ($1, 1, now(), now())';
    const locked = await inScope(system.db, 'process', async (tx) => {
      await tx.query(named, [id]);
      return inScope(system.db, 'process', (other) => lockCase(other, id)); // lock_timeout would end a wait
    });
    expect(locked?.request.id).toBe(id);
  });
});
