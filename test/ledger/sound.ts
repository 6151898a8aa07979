import { systemClock } from '../../src/platform/clock.js';
import { relayActs } from '../../src/events/relay.js';
import type { Checkpoint } from '../../src/platform/ledger/anchors.js';
import { checkpoint } from '../../src/platform/ledger/checkpoint.js';
import { quiescent } from '../faults/checker.js';
import { Machine, systemAt } from '../faults/machine.js';
import { cipherOf } from '../fixtures/audit.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { until } from '../fixtures/story.js';
import { eventful } from './eventful.js';

/** As the worker's loops do it: the relay sees earlier transactions end, and then a checkpoint is made. */
export async function settledCheckpoint({ db, config }: Machine): Promise<Checkpoint | undefined> {
  for (let pass = 0; pass < 3; pass += 1) await relayActs(db);
  return checkpoint(db, cipherOf(config), config.anchorFile, systemClock);
}

/** The same, once what is to be covered has settled: a transaction of any other database of the server holds that up while it is open. */
export const nextSettled = (machine: Machine): Promise<Checkpoint | undefined> =>
  until(
    () => settledCheckpoint(machine),
    (made) => made !== undefined,
    'a checkpoint',
  );

/** A product at rest with acts of every kind behind it, two checkpoints at least, and acts that none covers yet. */
export async function soundMachine(databaseUrl: string): Promise<{ machine: Machine; request: string }> {
  const machine = await Machine.over(databaseUrl);
  const [api] = await Promise.all([machine.api(), machine.worker()]);
  const demo = await Demonstration.of(systemAt(api));
  while ((await checkpoints(machine)) < 1) await settledCheckpoint(machine);
  const request = await eventful(systemAt(api), demo);
  await quiescent(machine);
  await machine.rest();
  while ((await settledCheckpoint(machine)) || (await checkpoints(machine)) < 2); // what settled after the last one
  return { machine, request };
}

const checkpoints = async ({ db }: Machine): Promise<number> => {
  const [row] = await db.query<{ n: number }[]>('select count(*)::int as n from ledger_checkpoint');
  return row?.n ?? 0;
};
