import type { Client } from '@temporalio/client';
import pino from 'pino';
import { underAdvisoryLock } from '../../src/platform/database/advisory-lock.js';
import { LOCKS } from '../../src/platform/database/locks.js';
import { Reconciler } from '../../src/cases/reconciler.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the reconciler', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(() => system?.stop());

  it('comes to the youngest request although two hundred older ones are not helped by any wake', async () => {
    const demo = await Demonstration.of(system);
    const [source, destination] = acrossCounties(demo);
    for (let filed = 0; filed < 201; filed += 1)
      await Story.transfer(system, demo, filed % 2 ? [source, destination] : [destination, source]);
    const heard = { workflow: { signalWithStart: () => Promise.resolve() } } as unknown as Client;
    const { db, time } = system;
    const reconciler = new Reconciler({ db, client: heard, taskQueue: 'q', clock: time, log: pino({ level: 'silent' }) });
    await time.pass(4000);
    const first = await reconciler.pass(false);
    const second = await reconciler.pass(false);
    expect([first.length, second.length, new Set([...first, ...second]).size]).toEqual([200, 1, 201]);
  });

  it('does not spend its minute before it has compared: not while another process has the lock, and not when Temporal fails', async () => {
    let asked = 0;
    const away = {
      workflow: {
        signalWithStart: () => Promise.resolve(),
        list: () => {
          asked += 1;
          throw new Error('Temporal is away');
        },
      },
    } as unknown as Client;
    const { db, time } = system;
    const reconciler = new Reconciler({ db, client: away, taskQueue: 'q', clock: time, log: pino({ level: 'silent' }) });
    await underAdvisoryLock(db, LOCKS.caseReconciler, () => reconciler.tick());
    expect(asked).toBe(0);
    await expect(reconciler.tick()).rejects.toThrow('Temporal is away');
    await expect(reconciler.tick()).rejects.toThrow('Temporal is away');
    expect(asked).toBe(2);
  });
});
