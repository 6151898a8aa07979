import type { Act } from '../../src/domain/case/acts.js';
import { fullyApproved, holdOf, newCase, openTasks, stepOf } from '../../src/domain/case/case.js';
import { caseOf, fold } from '../../src/domain/case/fold.js';
import { next } from '../../src/domain/case/next.js';
import { addDays, instantOf } from '../../src/domain/working-days.js';
import { aTransfer, CaseTold, clerkOf, policyWith, reviewerOf, supervisorOf, transferRoute } from '../fixtures/case.js';

const STEPS = ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'];
const inParallel = () => aTransfer(transferRoute({ policy: policyWith({ parallelAuthorities: true }) }));
const openSteps = (told: CaseTold) => openTasks(told.state).map(({ step }) => step);
const taskAt = (told: CaseTold, step: string) => openTasks(told.state).find((task) => task.step === step)!;
const outcome = (told: CaseTold) => told.state.closed;
const recall = (told: CaseTold) => told.moved({ do: 'recall' }, clerkOf('westSchool'));

describe('from filing to effect (R-16)', () => {
  it('waits as long as nothing is filed', () => {
    expect(next(newCase(transferRoute()), [], 0)).toEqual({ do: 'wait' });
  });

  it('begins with a filed act that carries the route, and with nothing else', () => {
    const { acts } = aTransfer();
    expect(() => caseOf([])).toThrow('filed');
    expect(() => caseOf(acts.slice(1))).toThrow('filed');
    expect(() => caseOf([{ kind: 'filed', seq: 1, at: 0 } as Act])).toThrow('route');
  });

  it('opens the first step after filing, at the source school, for ten working days', () => {
    const { task } = aTransfer();
    expect(task).toMatchObject({
      step: 'sourceSchool',
      visit: 1,
      holder: 'westSchool',
      office: 'schoolReviewer',
      workingDays: 10,
      version: 1,
    });
    expect(task.arrivedOn).toBe('2026-11-23');
  });

  it('opens no task of a step before the one before it is approved (R-19)', () => {
    const told = aTransfer();
    for (const step of STEPS) {
      expect(openSteps(told)).toEqual([step]);
      told.decided('approve');
    }
  });

  it('makes the change after the last approval, closes as approved, and then does nothing any more', () => {
    const told = aTransfer().upTo('destinationAuthority');
    told.decided('approve');
    expect(told.acts.slice(-3).map(({ kind }) => kind)).toEqual(['decided', 'effected', 'closed']);
    expect([outcome(told), told.todo]).toEqual(['approved', { do: 'end', outcome: 'approved' }]);
  });

  it('remembers who decided which step', () => {
    const told = aTransfer().upTo('sourceAuthority');
    expect(STEPS.map((step) => stepOf(told.state, step).deciders)).toEqual([
      ['reviewer of westSchool'],
      ['reviewer of eastSchool'],
      [],
      [],
    ]);
  });

  it('has one task for an authority that stands on both sides (A1)', () => {
    const destination = { schoolId: 'eastSchool', authorityId: 'westCounty', provinceId: 'westProvince' };
    const told = aTransfer(transferRoute({ destination })).upTo('sourceAuthority');
    expect(told.task.capacities).toEqual(['sourceAuthority', 'destinationAuthority']);
    expect(outcome(told.decided('approve'))).toBe('approved');
  });
});

describe('a rejection (A9)', () => {
  it.each(STEPS)('at %s closes the case as rejected, and no step after it ever opens', (step) => {
    const told = aTransfer().upTo(step).decided('reject');
    expect([outcome(told), openTasks(told.state)]).toEqual(['rejected', []]);
    expect(told.todo).toEqual({ do: 'end', outcome: 'rejected' });
    expect(told.acts.filter(({ kind }) => kind === 'opened')).toHaveLength(STEPS.indexOf(step) + 1);
  });
});

describe('return and supplement (A9)', () => {
  it('opens a supplement at the filer, with a clock of its own', () => {
    const told = aTransfer().upTo('sourceAuthority').decided('return');
    expect(told.task).toMatchObject({
      step: 'sourceAuthority',
      visit: 1,
      supplement: true,
      holder: 'westSchool',
      office: 'schoolClerk',
      workingDays: 10,
    });
  });

  it('goes on with a new visit of the same step when the filer has supplemented', () => {
    const told = aTransfer().upTo('sourceAuthority').decided('return').supplemented();
    expect(told.task).toMatchObject({ step: 'sourceAuthority', visit: 2, supplement: false, holder: 'westCounty', version: 1 });
    expect(told.task.taskId).not.toBe('sourceAuthority/1');
  });

  it('keeps arrival and decision of each visit, from which the remaining days follow', () => {
    const told = aTransfer();
    told.now = instantOf('2026-11-26', 10);
    told.decided('return').supplemented();
    expect(stepOf(told.state, 'sourceSchool').spent).toEqual([
      { taskId: 'sourceSchool/1', arrivedOn: '2026-11-23', decidedOn: '2026-11-26', holder: 'westSchool' },
    ]);
  });

  it('goes through when the supplemented step and all after it are approved', () => {
    const told = aTransfer().upTo('destinationSchool').decided('return').supplemented();
    for (let left = 3; left > 0; left -= 1) told.decided('approve');
    expect(outcome(told)).toBe('approved');
  });

  it('says when the status of a step last changed', () => {
    const told = aTransfer().decided('return');
    told.moved({ do: 'supplement', taskId: told.task.taskId }, clerkOf('westSchool'));
    expect(stepOf(told.state, 'sourceSchool')).toMatchObject({ status: 'waiting', visit: 2, since: told.now });
  });
});

describe('a case that the process asks of its filer (A5)', () => {
  const asked = () => aTransfer({ ...transferRoute(), filer: { organisationId: 'westSchool' }, beginsWithFiler: true });

  it('begins at the filer’s clerk, who hands in; nobody decides before, and nothing was returned', () => {
    const told = asked();
    expect(told.task).toMatchObject({ step: 'sourceSchool', visit: 1, supplement: true, holder: 'westSchool', office: 'schoolClerk' });
    expect(holdOf(told.state)).toMatchObject({ kind: 'awaitingSupplement', cause: 'sourceSchool' });
    expect(stepOf(told.state, 'sourceSchool')).toMatchObject({ returns: 0, spent: [] });
    expect(next(newCase(told.route), [], 0)).toEqual({ do: 'wait' });
  });

  it('goes on as any other with all its days, and who handed in decides nothing of it', () => {
    const told = asked().supplemented();
    expect(told.task).toMatchObject({ step: 'sourceSchool', visit: 2, supplement: false, office: 'schoolReviewer', workingDays: 10 });
    const { task } = told;
    const stated = { ...reviewerOf('westSchool'), personId: clerkOf('westSchool').personId };
    const decision = { do: 'decide', taskId: task.taskId, verdict: 'approve', opinion: '', version: task.version } as const;
    expect(told.moved(decision, stated)).toBe('separation-of-duties');
    expect(told.moved(decision, reviewerOf('westSchool'))).toBeUndefined();
  });
});

describe('a recall', () => {
  it.each(STEPS)('while %s is open voids its task and closes the case as recalled', (step) => {
    const told = aTransfer().upTo(step);
    expect([recall(told), openTasks(told.state)]).toEqual([undefined, []]);
    expect(outcome(told.settled())).toBe('recalled');
  });

  it('during a supplement does the same', () => {
    const told = aTransfer().decided('return');
    expect([recall(told), outcome(told.settled())]).toEqual([undefined, 'recalled']);
  });

  it('between a decision and the opening of the next task lets no task open', () => {
    const told = aTransfer();
    const { taskId } = told.task;
    told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('westSchool'));
    expect([recall(told), told.todo]).toEqual([undefined, { do: 'close', outcome: 'recalled' }]);
  });

  it('comes too late after the last approval, but not while the effect is parked', () => {
    const told = aTransfer().upTo('destinationAuthority');
    const { taskId } = told.task;
    told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('eastCounty'));
    expect(recall(told)).toBe('already-approved');
    told.append({ kind: 'parked', what: 'effect', cause: 'school-closed' });
    expect([recall(told), outcome(told.settled())]).toEqual([undefined, 'recalled']);
  });

  it('is for a clerk of the filing school alone', () => {
    const told = aTransfer();
    const others = [clerkOf('eastSchool'), reviewerOf('westSchool'), supervisorOf('westCounty')];
    expect(others.map((actor) => told.moved({ do: 'recall' }, actor))).toEqual(Array(3).fill('not-your-request'));
    expect(told.moved({ do: 'recall' }, clerkOf('westSchool', 'another clerk'))).toBeUndefined();
  });
});

it('admits nothing after the case is closed, whatever its outcome', () => {
  const rejected = aTransfer().decided('reject');
  const approved = aTransfer().upTo('destinationAuthority').decided('approve');
  for (const told of [rejected, approved]) {
    const taskId = 'destinationAuthority/1';
    expect(recall(told)).toBe('request-closed');
    expect(told.moved({ do: 'urge' }, clerkOf('westSchool'))).toBe('request-closed');
    expect(told.moved({ do: 'supplement', taskId }, clerkOf('westSchool'))).toBe('request-closed');
    expect(told.moved({ do: 'reassign', taskId }, reviewerOf('eastCounty'))).toBe('request-closed');
    expect(told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('eastCounty'))).toBe(
      'already-decided',
    );
  }
});

describe('authorities side by side (A1)', () => {
  it('open together when both schools have approved', () => {
    expect(openSteps(inParallel().decided('approve').decided('approve'))).toEqual(['sourceAuthority', 'destinationAuthority']);
  });

  const both = () => inParallel().decided('approve').decided('approve');
  const decided = (told: CaseTold, verdict: 'approve' | 'reject' | 'return', step: string) =>
    told.decided(verdict, reviewerOf(taskAt(told, step).holder), taskAt(told, step));

  it('both have to approve, in any order', () => {
    const told = decided(both(), 'approve', 'destinationAuthority');
    expect([openSteps(told), fullyApproved(told.state)]).toEqual([['sourceAuthority'], false]);
    expect(outcome(decided(told, 'approve', 'sourceAuthority'))).toBe('approved');
  });

  it('a rejection of the one voids the task of the other', () => {
    const told = both();
    const { taskId } = taskAt(told, 'destinationAuthority');
    decided(told, 'reject', 'sourceAuthority');
    expect([outcome(told), openSteps(told)]).toEqual(['rejected', []]);
    const late = told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('eastCounty'));
    expect(late).toBe('already-decided');
  });

  it('a return of the one leaves the other its task', () => {
    const told = decided(both(), 'return', 'sourceAuthority');
    expect(openTasks(told.state).map(({ step, supplement }) => [step, supplement])).toEqual([
      ['sourceAuthority', true],
      ['destinationAuthority', false],
    ]);
    expect(holdOf(told.state)).toBeNull();
  });

  it('a supplement asked for by the one makes what the other has read stale', () => {
    const told = decided(both(), 'return', 'sourceAuthority');
    told.moved({ do: 'supplement', taskId: taskAt(told, 'sourceAuthority').taskId }, clerkOf('westSchool'));
    told.settled();
    const { taskId, version } = taskAt(told, 'destinationAuthority');
    expect(version).toBe(2);
    const stale = { do: 'decide', taskId, verdict: 'approve', opinion: '', version: 1 } as const;
    expect(told.moved(stale, reviewerOf('eastCounty'))).toBe('stale-version');
    expect(told.moved({ ...stale, version }, reviewerOf('eastCounty'))).toBeUndefined();
  });

  it('one without a living holder keeps neither the task of the other from opening nor its messages from going out', () => {
    const told = inParallel().decided('approve');
    const { taskId } = told.task;
    told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('eastSchool'));
    told.append({ kind: 'parked', what: 'step', cause: 'no-living-holder', step: 'sourceAuthority' });
    expect(told.todo).toMatchObject({ do: 'openTask', step: 'destinationAuthority' });
    told.append({
      kind: 'opened',
      taskId: 'destinationAuthority/1',
      step: 'destinationAuthority',
      visit: 1,
      capacities: ['destinationAuthority'],
      holder: 'eastCounty',
      office: 'authorityReviewer',
      workingDays: 10,
      arrivedOn: '2026-11-23',
      ladder: ['eastCity'],
    });
    expect(holdOf(told.state)).toMatchObject({ kind: 'stepParked', cause: 'no-living-holder' });
    told.now = instantOf(addDays('2026-11-23', 9), 12);
    expect(told.todo).toMatchObject({ do: 'remind', item: { step: 'destinationAuthority' } });
    const { agenda } = told;
    expect(next(told.state, agenda.slice(1), instantOf('2026-11-24'))).toMatchObject({ do: 'openTask', step: 'sourceAuthority' });
  });
});

describe('acts and notes', () => {
  it('counts process acts in what is seen, and notes not', () => {
    const told = aTransfer();
    const { seen } = told.state;
    told.moved({ do: 'claim', taskId: told.task.taskId }, reviewerOf('westSchool'));
    told.moved({ do: 'urge' }, clerkOf('westSchool'));
    expect([told.acts.length, told.state.seen]).toEqual([seen + 2, seen]);
    told.decided('approve');
    expect(told.state.seen).toBe(told.acts.length);
  });

  it('leaves the state it was given as it was', () => {
    const told = aTransfer();
    const before = told.state;
    const kept = structuredClone(before);
    fold(before, { kind: 'recalled', seq: 3, at: told.now });
    expect(before).toEqual(kept);
  });
});
