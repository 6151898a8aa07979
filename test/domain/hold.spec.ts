import { holdOf, openTasks } from '../../src/domain/case/case.js';
import { isProcessing } from '../../src/domain/case/next.js';
import { instantOf } from '../../src/domain/working-days.js';
import { aTransfer, CaseTold, clerkOf, operator, policyWith, reviewerOf, transferRoute } from '../fixtures/case.js';

const inParallel = () => aTransfer(transferRoute({ policy: policyWith({ parallelAuthorities: true }) }));
const taskAt = (told: CaseTold, step: string) => openTasks(told.state).find((task) => task.step === step)!;
const recall = (told: CaseTold) => told.moved({ do: 'recall' }, clerkOf('westSchool'));

describe('hold: why nothing moves', () => {
  const parkedEffect = () => {
    const told = aTransfer().upTo('destinationAuthority');
    told.moved({ do: 'decide', taskId: told.task.taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('eastCounty'));
    return told.append({ kind: 'parked', what: 'effect', cause: 'school-closed' });
  };
  const approvedFor = (effectiveOn: string) => {
    const told = aTransfer().upTo('destinationAuthority');
    told.moved({ do: 'decide', taskId: told.task.taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('eastCounty'));
    return told.append({ kind: 'scheduled', effectiveOn });
  };

  it('is empty while a reviewer has the case', () => {
    expect(holdOf(aTransfer().state)).toBeNull();
  });

  it('names the cause of a parked effect, and since when', () => {
    const told = parkedEffect();
    expect(holdOf(told.state)).toEqual({ kind: 'effectParked', cause: 'school-closed', since: told.now });
    expect(isProcessing(told.state)).toBe(false);
  });

  it('of a parked effect ends when the effect goes through, and the case closes as approved', () => {
    const told = parkedEffect();
    expect(told.todo).toEqual({ do: 'applyChange' });
    expect(told.settled().state.closed).toBe('approved');
    expect(holdOf(told.state)).toBeNull();
  });

  it('names a step without a living holder, until its task opens', () => {
    const told = new CaseTold().append({ kind: 'parked', what: 'step', cause: 'no-living-holder', step: 'sourceSchool' });
    expect(holdOf(told.state)).toMatchObject({ kind: 'stepParked', cause: 'no-living-holder' });
    expect(told.todo).toMatchObject({ do: 'openTask', step: 'sourceSchool' });
    expect(holdOf(told.settled().state)).toBeNull();
  });

  it('says that a supplement is awaited, and at which step', () => {
    const told = aTransfer().upTo('destinationSchool').decided('return');
    expect(holdOf(told.state)).toMatchObject({ kind: 'awaitingSupplement', cause: 'destinationSchool' });
    expect(holdOf(told.supplemented().state)).toBeNull();
  });

  it('of an approved change with a later day says which day it awaits, and the change takes effect at the first instant of it', () => {
    const told = approvedFor('2026-12-01');
    expect(holdOf(told.state)).toEqual({ kind: 'awaitingEffect', cause: 'not-yet-in-force', since: told.now, until: '2026-12-01' });
    expect(isProcessing(told.state)).toBe(false);
    told.now = instantOf('2026-12-01') - 1;
    expect(told.todo).toEqual({ do: 'wait', until: instantOf('2026-12-01') });
    told.now += 1;
    expect(told.todo).toEqual({ do: 'applyChange' });
    expect(told.settled().state.closed).toBe('approved');
    expect(holdOf(told.state)).toBeNull();
  });

  it('of what waits gives way to a death that holds it and to the cause why it cannot take effect on its day', () => {
    const told = approvedFor('2026-12-01');
    told.append({ kind: 'held', requestId: 'the death', cause: 'death' });
    expect(holdOf(told.state)).toMatchObject({ kind: 'paused', cause: 'death' });
    told.now = instantOf('2026-12-05');
    expect(told.todo).toEqual({ do: 'wait' });
    told.append({ kind: 'continued', requestId: 'the death' });
    expect(told.todo).toEqual({ do: 'applyChange' });
    told.append({ kind: 'parked', what: 'effect', cause: 'school-closed' });
    expect(holdOf(told.state)).toMatchObject({ kind: 'effectParked', cause: 'school-closed' });
    expect(told.todo).toEqual({ do: 'applyChange' });
  });

  it('lets the filer take back what waits for its day, and from that day on nobody but an operator', () => {
    const waits = approvedFor('2026-12-01');
    waits.now = instantOf('2026-12-01') - 1;
    expect(recall(waits)).toBeUndefined();
    expect(waits.settled().state.closed).toBe('recalled');
    const due = approvedFor('2026-12-01');
    due.now = instantOf('2026-12-01');
    expect(recall(due)).toBe('already-approved');
    expect(due.moved({ do: 'cancel' }, operator)).toBeUndefined();
    expect(due.settled().state.closed).toBe('cancelled');
  });

  it('is empty when the case was recalled during the supplement', () => {
    const told = aTransfer().decided('return');
    recall(told);
    expect(holdOf(told.state)).toBeNull();
    expect(holdOf(told.settled().state)).toBeNull();
  });

  it('is empty in the instant between the return by one authority and its supplement, while the other has its task', () => {
    const told = inParallel().decided('approve').decided('approve');
    const { taskId } = taskAt(told, 'sourceAuthority');
    told.moved({ do: 'decide', taskId, verdict: 'return', opinion: 'a page is missing', version: 1 }, reviewerOf('westCounty'));
    expect(holdOf(told.state)).toBeNull();
  });
});

describe('processing: whether the process has yet to catch up', () => {
  it('is so right after filing and after each decision, and not when a task is open or the case closed', () => {
    const told = new CaseTold();
    expect([isProcessing(told.state), isProcessing(told.settled().state)]).toEqual([true, false]);
    told.moved({ do: 'decide', taskId: told.task.taskId, verdict: 'reject', opinion: 'no', version: 1 }, reviewerOf('westSchool'));
    expect([isProcessing(told.state), isProcessing(told.settled().state)]).toEqual([true, false]);
  });
});

describe('the version of a case', () => {
  const moves = (told: CaseTold, act: () => unknown): boolean => {
    const before = told.state.version;
    act();
    return told.state.version > before;
  };

  it('moves with filing, the opening of a task, a decision, a supplement and a recall', () => {
    const told = new CaseTold();
    expect(told.state.version).toBe(1);
    expect(moves(told, () => told.settled())).toBe(true);
    const { taskId } = told.task;
    const decide = () => told.moved({ do: 'decide', taskId, verdict: 'return', opinion: 'more', version: 1 }, reviewerOf('westSchool'));
    expect(moves(told, decide)).toBe(true);
    told.settled();
    expect(moves(told, () => told.moved({ do: 'supplement', taskId: told.task.taskId }, clerkOf('westSchool')))).toBe(true);
    expect(moves(told, () => recall(told))).toBe(true);
  });

  it('moves with a change of the holder within the organisation, and the version of the task with it', () => {
    const told = aTransfer();
    expect(moves(told, () => told.moved({ do: 'reassign', taskId: told.task.taskId }, reviewerOf('westSchool')))).toBe(true);
    expect(told.task.version).toBe(2);
  });

  it('does not move with a reminder, an escalation, an urge, a claim or a release', () => {
    const told = aTransfer();
    const { taskId, step, visit } = told.task;
    const reviewer = reviewerOf('westSchool');
    expect(moves(told, () => told.append({ kind: 'reminded', taskId, step, visit, workingDaysLeft: 3 }))).toBe(false);
    expect(moves(told, () => told.append({ kind: 'escalated', taskId, step, visit, level: 1, to: 'westCounty' }))).toBe(false);
    expect(moves(told, () => told.moved({ do: 'urge' }, clerkOf('westSchool')))).toBe(false);
    expect(moves(told, () => told.moved({ do: 'claim', taskId }, reviewer))).toBe(false);
    expect(moves(told, () => told.moved({ do: 'release', taskId }, reviewer))).toBe(false);
    expect(told.task.version).toBe(1);
  });
});
