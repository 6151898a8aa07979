import { asStudent, elsewhere } from '../../fixtures/asking.js';
import { createCertificate } from '../../fixtures/certified.js';
import { as } from '../../fixtures/client.js';
import { acrossProvinces, Demonstration } from '../../fixtures/demonstration.js';
import { asOwner } from '../../fixtures/owner.js';
import { startSystem, type System } from '../../fixtures/system.js';

const HOUR = 3_600_000;
const ROUNDS = 100;
/** Of one code or certificate twenty are answered an hour. */
const OF_ONE = 15;

describe('ten thousand wrong verifications', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
  });
  afterAll(() => system?.stop());

  it('have one answer, by status, body, size, every header and time, and leave nothing for the student to see', async () => {
    const demo = await Demonstration.of(system);
    const [school] = acrossProvinces(demo);
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const certificate = await createCertificate(system, demo, school, clerk);
    const voided = await createCertificate(system, demo, school, clerk);
    await asOwner(system, `update certificate set state = 'void' where number = $1`, [voided.number]);
    const student = await asStudent(system, clerk, demo.student(school.id));
    const { name } = (await student.get('/own-dossier')).body as { name: string };
    const code = async (validDays: number) => (await student.post('/verification-codes', { purpose: 'enrolment', validDays })).body;
    const [good, revoked, expired] = [await code(180), await code(180), await code(1)];
    await student.send('DELETE', `/verification-codes/${revoked.id}`);
    await system.time.pass(24 * HOUR);

    const kinds: Record<string, (n: number) => object> = {
      'another name by a good code': (n) => ({ code: good.code, name: `张${n}` }),
      'a code taken back': () => ({ code: revoked.code, name }),
      'an expired code': () => ({ code: expired.code, name }),
      'a good certificate with another document': (n) => ({ ...certificateOf(certificate), documentNumber: String(10 ** 17 + n) }),
      'a voided certificate': () => certificateOf(voided),
      'an unknown code': (n) => ({ code: `unknown-${n}`, name }),
      'an unknown certificate': (n) => ({ ...certificateOf(certificate), certificateNumber: `B33010620290${String(n).padStart(6, '0')}` }),
    };
    const said = new Map<string, Map<string, number>>();
    const took = new Map<string, number[]>();
    let n = 0;
    const ask = async (kind: string, question: object) => {
      const began = performance.now();
      const response = await fetch(`${system.url}/api/v1/verifications`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...elsewhere() },
        body: JSON.stringify(question),
      });
      const headers = [...response.headers].filter(([key]) => key !== 'date');
      const answer = JSON.stringify([response.status, await response.text(), headers]);
      took.set(kind, [...(took.get(kind) ?? []), performance.now() - began]);
      said.set(answer, (said.get(answer) ?? new Map<string, number>()).set(kind, (said.get(answer)?.get(kind) ?? 0) + 1));
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const questions = Object.entries(kinds).flatMap(([kind, made]) => Array.from({ length: OF_ONE }, () => ask(kind, made((n += 1)))));
      await Promise.all(questions);
      await system.time.pass(HOUR);
    }
    expect(n).toBeGreaterThan(10_000);
    expect([...said.keys()]).toHaveLength(1);
    expect([...said.values()].map((of) => Object.fromEntries(of))).toEqual([
      Object.fromEntries(Object.keys(kinds).map((kind) => [kind, OF_ONE * ROUNDS])),
    ]);
    expect(await asOwner(system, 'select 1 from verification_use')).toEqual([]);

    // One after the other, in turns, so that each kind meets the same moments of the machine.
    took.clear();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [kind, made] of Object.entries(kinds)) await ask(kind, made((n += 1)));
      if (round % OF_ONE === OF_ONE - 1) await system.time.pass(HOUR);
    }
    const unknown = took.get('an unknown code') ?? [];
    const chances = [...took].map(([kind, times]) => [kind, chanceOfSlower(times, unknown)] as const);
    expect(chances.filter(([, chance]) => Math.abs(chance - 0.5) > 0.2)).toEqual([]);
  });
});

/** How likely a time of one kind is longer than one of the other: a half where time tells nothing. Of ranks, so that no outlier counts. */
function chanceOfSlower(times: readonly number[], others: readonly number[]): number {
  const slower = times.reduce((all, time) => all + others.filter((other) => other < time).length, 0);
  return slower / (times.length * others.length);
}

const certificateOf = ({ number, documentNumber, name }: { number: string; documentNumber: string; name: string }) => ({
  certificateNumber: number,
  documentNumber,
  name,
});
