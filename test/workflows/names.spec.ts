import { CASE_KINDS } from '../../src/domain/procedure/procedure.js';
import * as workflows from '../../workflows/index.js';

describe('the workflow types', () => {
  it.each(CASE_KINDS)('have one under the name of %s, by which the Temporal UI lists its cases', (kind) => {
    expect(typeof workflows[kind]).toBe('function');
  });

  it('are these, and the order and the two changes of a school besides', () => {
    expect(Object.keys(workflows).sort()).toEqual([...CASE_KINDS, 'order', 'schoolClosure', 'schoolMerger'].sort());
  });
});
