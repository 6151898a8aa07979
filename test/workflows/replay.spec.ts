import { presentBundle, recorded, replayed, typeOf, workflowTypes } from './histories.js';

const BUNDLE = presentBundle();

describe('recorded histories (invariant 8)', () => {
  it('of every release replay on the present interpreter', async () => {
    const histories = recorded();
    expect([...new Set(histories.map(typeOf))].sort()).toEqual(workflowTypes());
    const results = await replayed(BUNDLE, histories);
    expect(results).toHaveLength(histories.length);
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('do not replay on an interpreter that does the same things in another order', async () => {
    const effect = 'return acts.applyChange(ask);';
    const broken = BUNDLE.replace(effect, `return acts.close({ ...ask, outcome: 'approved' });`);
    expect(broken).not.toBe(BUNDLE);
    const approved = recorded().filter(({ history }) => JSON.stringify(history).includes(base64('"approved"')));
    expect(approved.length).toBeGreaterThan(0);
    const results = await replayed(broken, approved);
    expect(results).toHaveLength(approved.length);
    for (const { error } of results) expect(error).toBeDefined();
  });
});

/** How a payload stands in a history. */
const base64 = (text: string): string => Buffer.from(text).toString('base64');
