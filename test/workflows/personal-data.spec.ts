import { demoHeads } from '../../src/demo/heads.js';
import { demoPeople } from '../../src/demo/people.js';
import { demoStudents } from '../../src/demo/students.js';
import { laidOpen, presentBundle, recorded, replayed, typeOf, workflowTypes } from './histories.js';
import { tellAll, TEXTS, type Told } from './tales.js';

const PERSONAL: readonly string[] = [
  ...demoStudents().flatMap(({ name, number, document, birthDate }) => [name, number, document.number, birthDate]),
  ...[...demoPeople(), ...demoHeads()].map(({ displayName }) => displayName),
  ...Object.values(TEXTS),
];
const foundIn = (text: string): string[] => [...new Set(PERSONAL)].filter((value) => text.includes(value));

describe('what Temporal and the log learn (invariant 6)', () => {
  let told: Told[];
  let logs: string[];
  beforeAll(async () => {
    ({ told, logs } = await tellAll());
  });

  it('of every type of workflow a tale is told', () => {
    expect([...new Set(told.map(typeOf))].sort()).toEqual(workflowTypes());
  });

  it('no personal value of anybody in the demonstration, nor anything that people wrote, is in a history, raw or decoded', () => {
    // the scan reads what the payloads hold
    expect(told.map(({ history }) => laidOpen(JSON.stringify(history))).join()).toContain('openTask');
    for (const { name, history } of told) expect({ name, found: foundIn(laidOpen(JSON.stringify(history))) }).toEqual({ name, found: [] });
  });

  it('nor any number that could be a resident identity number, of whomever', () => {
    const like = /(?<![0-9A-Za-z])[1-8]\d{5}(19|20)\d{9}[\dX](?![0-9A-Za-z])/;
    expect(`"330110201101109968"`).toMatch(like);
    for (const { name, history } of told) expect([name, like.exec(laidOpen(JSON.stringify(history)))?.[0]]).toEqual([name, undefined]);
  });

  it('nor in a history that is kept', () => {
    expect(
      foundIn(
        recorded()
          .map(({ history }) => laidOpen(JSON.stringify(history)))
          .join(),
      ),
    ).toEqual([]);
  });

  it('nor in a line of the log', () => {
    expect(logs.length).toBeGreaterThan(0);
    expect(foundIn(logs.join('\n'))).toEqual([]);
  });

  it('is found by this scan when it is there', () => {
    const payload = Buffer.from(JSON.stringify({ opinion: TEXTS.opinion })).toString('base64');
    expect(foundIn(laidOpen(JSON.stringify({ data: payload })))).toEqual([TEXTS.opinion]);
  });

  it('what was just told replays without a difference, whatever the route', async () => {
    const results = await replayed(presentBundle(), told);
    expect(results).toEqual(told.map(({ workflowId }) => ({ workflowId })));
  });
});
