import type { Actor } from '../../src/domain/offices.js';
import { instantOf } from '../../src/domain/working-days.js';
import { aTransfer, clerkOf, FILER, person, reviewerOf, type CaseTold } from '../fixtures/case.js';

const decide = (told: CaseTold, actor: Actor) => {
  const { taskId, version } = told.task;
  return told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, actor);
};
const on = (
  told: CaseTold,
  move: 'claim' | 'release' | 'delegate' | 'answerDelegation' | 'withdrawDelegation',
  actor: Actor,
  to?: string,
) => told.moved({ do: move, taskId: told.task.taskId, to }, actor);
/** A clerk of the organisation who stands in for its reviewer. */
const proxyAt = (at: string, personId = 'the proxy', kinds?: string[]): Actor => ({
  ...clerkOf(at, personId),
  proxies: [{ ...reviewerOf(at).offices[0]!, principalId: `reviewer of ${at}`, kinds }],
});

describe('a standing proxy 代理', () => {
  it('decides what is for the absent person, and both are on record', () => {
    const told = aTransfer();
    expect(decide(told, proxyAt('westSchool'))).toBeUndefined();
    expect(told.acts.at(-1)).toMatchObject({ kind: 'decided', by: { personId: 'the proxy' }, onBehalfOfPerson: 'reviewer of westSchool' });
    expect(told.settled().state.steps.sourceSchool?.deciders).toEqual(['the proxy', 'reviewer of westSchool']);
  });

  it('stands in for the kinds that were named, and at that organisation alone', () => {
    expect(decide(aTransfer(), proxyAt('westSchool', 'the proxy', ['suspension']))).toBe('not-your-task');
    expect(decide(aTransfer(), proxyAt('westSchool', 'the proxy', ['transfer']))).toBeUndefined();
    expect(decide(aTransfer(), proxyAt('eastSchool'))).toBe('not-your-task');
  });

  it('gets what was assigned to or claimed by the absent person', () => {
    const told = aTransfer();
    on(told, 'claim', reviewerOf('westSchool'));
    expect(decide(told, reviewerOf('westSchool', 'another'))).toBe('already-claimed');
    expect(decide(told, proxyAt('westSchool'))).toBeUndefined();
    const assigned = aTransfer();
    const to = 'reviewer of westSchool';
    assigned.moved({ do: 'reassign', taskId: assigned.task.taskId, to }, reviewerOf('westSchool', 'another'), to);
    expect(decide(assigned, proxyAt('westSchool'))).toBeUndefined();
  });

  it('is no way around the separation of duties: neither the filer nor what the absent person filed or decided', () => {
    expect(decide(aTransfer(), proxyAt('westSchool', FILER))).toBe('separation-of-duties');
    const filedByAbsent = { ...proxyAt('westSchool'), proxies: [{ ...reviewerOf('westSchool').offices[0]!, principalId: FILER }] };
    expect(decide(aTransfer(), filedByAbsent)).toBe('separation-of-duties');
    const told = aTransfer().decided('approve', reviewerOf('westSchool', 'reviewer of eastSchool'));
    expect(decide(told, proxyAt('eastSchool'))).toBe('separation-of-duties');
  });

  it('nor the reverse: who was stood in for decides no other step, and neither does the proxy', () => {
    const told = aTransfer();
    decide(told, proxyAt('westSchool'));
    told.settled();
    expect(decide(told, reviewerOf('eastSchool', 'reviewer of westSchool'))).toBe('separation-of-duties');
    expect(decide(told, reviewerOf('eastSchool', 'the proxy'))).toBe('separation-of-duties');
  });

  it('leaves what it claims or delegates to the absent person, who goes on with it on the day of return; the proxy no longer does', () => {
    const told = aTransfer();
    on(told, 'claim', proxyAt('westSchool'));
    expect(told.task.claim?.by).toBe('reviewer of westSchool');
    expect(on(told, 'release', clerkOf('westSchool', 'the proxy'))).toBe('not-claimed-by-you');
    expect(on(told, 'delegate', proxyAt('westSchool'), 'a colleague')).toBeUndefined();
    expect(told.task).toMatchObject({ assignee: 'reviewer of westSchool', delegation: { by: 'reviewer of westSchool' } });
    expect(on(told, 'withdrawDelegation', clerkOf('westSchool', 'the proxy'))).toBe('not-delegated-by-you');
    expect(on(told, 'withdrawDelegation', reviewerOf('westSchool'))).toBeUndefined();
    expect(decide(told, reviewerOf('westSchool'))).toBeUndefined();
  });

  it('answers what was delegated to the absent person', () => {
    const told = aTransfer();
    on(told, 'delegate', reviewerOf('westSchool', 'another'), 'reviewer of westSchool');
    expect(on(told, 'answerDelegation', proxyAt('westSchool'))).toBeUndefined();
    expect(decide(told, reviewerOf('westSchool', 'another'))).toBeUndefined();
  });

  it('who stands in for two acts for the one whom the task names, else for the one whom nothing bars', () => {
    const two = {
      ...proxyAt('westSchool'),
      proxies: ['one', 'two'].map((id) => ({ ...reviewerOf('westSchool').offices[0]!, principalId: id })),
    };
    const told = aTransfer();
    told.moved({ do: 'reassign', taskId: told.task.taskId, to: 'two' }, two, 'two');
    expect(decide(told, two)).toBeUndefined();
    expect(told.acts.at(-1)).toMatchObject({ onBehalfOfPerson: 'two' });
    const barred = { ...two, proxies: [FILER, 'two'].map((id) => ({ ...reviewerOf('westSchool').offices[0]!, principalId: id })) };
    const other = aTransfer();
    expect(decide(other, barred)).toBeUndefined();
    expect(other.acts.at(-1)).toMatchObject({ onBehalfOfPerson: 'two' });
  });

  it('a colleague of the same office stands in on what is the absent person’s alone', () => {
    const colleague = { ...reviewerOf('westSchool', 'a colleague'), proxies: proxyAt('westSchool').proxies };
    const told = aTransfer();
    const to = 'reviewer of westSchool';
    told.moved({ do: 'reassign', taskId: told.task.taskId, to }, reviewerOf('westSchool', 'another'), to);
    expect(decide(told, reviewerOf('westSchool', 'a colleague'))).toBe('not-your-task');
    expect(decide(told, colleague)).toBeUndefined();
    expect(told.acts.at(-1)).toMatchObject({ by: { personId: 'a colleague' }, onBehalfOfPerson: to });
  });

  it('files, recalls and supervises nothing', () => {
    const actor: Actor = { ...proxyAt('westSchool'), offices: [] };
    expect(aTransfer().moved({ do: 'recall' }, actor)).toBe('not-your-request');
  });

  it('who holds the office acts in the own name', () => {
    const told = aTransfer();
    decide(told, { ...proxyAt('westSchool'), offices: reviewerOf('westSchool').offices });
    expect(told.acts.at(-1)).not.toHaveProperty('onBehalfOfPerson');
  });
});

describe('delegating 委派', () => {
  const colleague = reviewerOf('westSchool', 'a colleague');
  const delegated = () => {
    const told = aTransfer();
    on(told, 'delegate', reviewerOf('westSchool'), 'a colleague');
    return told;
  };

  it('gives the task to a colleague; nobody decides until the answer, then the delegator alone', () => {
    const told = delegated();
    expect([reviewerOf('westSchool'), colleague].map((one) => decide(told, one))).toEqual(['delegated', 'not-your-task']);
    expect(on(told, 'answerDelegation', reviewerOf('westSchool'))).toBe('not-delegated-to-you');
    expect(on(told, 'answerDelegation', colleague)).toBeUndefined();
    expect(decide(told, colleague)).toBe('not-your-task');
    expect(decide(told, reviewerOf('westSchool'))).toBeUndefined();
  });

  it('is withdrawn by the delegator alone, and ends with a reassignment', () => {
    const told = delegated();
    expect(on(told, 'withdrawDelegation', colleague)).toBe('not-delegated-by-you');
    expect(on(told, 'withdrawDelegation', reviewerOf('westSchool'))).toBeUndefined();
    expect(decide(told, reviewerOf('westSchool'))).toBeUndefined();
    const moved = delegated();
    moved.moved({ do: 'reassign', taskId: moved.task.taskId, to: 'a third' }, reviewerOf('westSchool'), 'a third');
    expect(decide(moved, reviewerOf('westSchool', 'a third'))).toBeUndefined();
  });

  it('goes to nobody who may not decide it, and not twice', () => {
    expect(on(aTransfer(), 'delegate', reviewerOf('westSchool'), FILER)).toBe('separation-of-duties');
    expect(on(delegated(), 'delegate', reviewerOf('westSchool'), 'a third')).toBe('delegated');
    expect(on(aTransfer(), 'delegate', person('an operator', 'operator', 'nation'), 'a colleague')).toBe('not-your-task');
  });
});

describe('a claim', () => {
  it('lapses by itself, and then the task is anybody’s again', () => {
    const told = aTransfer();
    on(told, 'claim', reviewerOf('westSchool'));
    const other = reviewerOf('westSchool', 'another');
    told.now = instantOf('2026-11-26') - 120_000; // the second working day after that Monday ends
    expect(on(told, 'claim', other)).toBe('already-claimed');
    told.now += 120_000;
    expect(on(told, 'release', reviewerOf('westSchool'))).toBe('not-claimed-by-you');
    expect(on(told, 'claim', other)).toBeUndefined();
    expect(decide(told, reviewerOf('westSchool'))).toBe('already-claimed');
  });
});
