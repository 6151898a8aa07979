import { Wakes, type Wake } from '../../src/cases/wakes.js';

describe('a wake after an act', () => {
  const request = { id: 'r', kind: 'transfer', number: '2026-0000001' };
  const sentAfter = (...acts: Parameters<Wakes['after']>[1][]) => {
    const sent: Wake[] = [];
    const wakes = new Wakes((wake) => Promise.resolve(void sent.push(wake)));
    for (const act of acts) wakes.after(request, act);
    return sent;
  };

  it('says the kind of the act and its step as codes, and nothing else of it', () => {
    const act = { kind: 'decided', taskId: 't', step: 'sourceSchool', visit: 1, verdict: 'approve', decidedOn: '2026-11-23' } as const;
    expect(sentAfter(act)).toEqual([{ requestId: 'r', kind: 'decided', step: 'sourceSchool', workflowId: 'transfer/2026-0000001' }]);
  });

  it('is not sent for a note, which moves nothing', () => {
    const task = { taskId: 't', step: 'sourceSchool' };
    expect(
      sentAfter({ kind: 'claimed', workingDays: 2, ...task }, { kind: 'released', ...task }, { kind: 'urged', ...task }, { kind: 'urged' }),
    ).toEqual([]);
  });
});
