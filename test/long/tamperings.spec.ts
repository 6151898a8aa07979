import { freshDatabase, type TestDatabase } from '../engines/databases.js';
import { Machine } from '../faults/machine.js';
import { Ground } from '../ledger/ground.js';
import { soundMachine } from '../ledger/sound.js';
import { TAMPERINGS } from '../ledger/tamperings.js';

describe('every tampering with the ledger, with what follows from it, and with what proves it (invariant 3)', () => {
  let database: TestDatabase;
  let machine: Machine;
  let ground: Ground;
  beforeAll(async () => {
    database = await freshDatabase();
    ({ machine } = await soundMachine(database.url));
    await machine.stop();
    ground = await Ground.of(database.url, machine.config);
  });
  afterAll(async () => {
    await ground?.drop();
    await database?.drop();
  });

  it('is none on the ground itself', async () => {
    expect(await ground.problems({ tamper: () => Promise.resolve() })).toEqual([]);
  });

  it.each(TAMPERINGS.map((one) => [one.name, one] as const))('is found and placed: %s', async (_, tampering) => {
    const problems = await ground.problems(tampering);
    expect(problems.join('\n')).toMatch(ground.place(tampering.found));
  });
});
