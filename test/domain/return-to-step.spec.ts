import { openTasks, stepOf } from '../../src/domain/case/case.js';
import { aTransfer, policyWith, reviewerOf, supervisorOf, transferRoute, type CaseTold } from '../fixtures/case.js';

const back = (told: CaseTold, to: string, actor = reviewerOf(told.task.holder)) => told.decided('return', actor, told.task, to);

describe('a return to an earlier step (A9)', () => {
  it('lets that step decide again, and the case goes on from there through every step after it', () => {
    const told = back(aTransfer().upTo('destinationAuthority'), 'destinationSchool');
    expect(told.task).toMatchObject({ step: 'destinationSchool', visit: 2, supplement: false });
    expect(stepOf(told.state, 'sourceSchool').status).toBe('approved');
    const visits = ['sourceAuthority', 'destinationAuthority'].map((step) => {
      const { visit } = told.upTo(step).task;
      return [step, visit];
    });
    expect(visits).toEqual([
      ['sourceAuthority', 2],
      ['destinationAuthority', 2],
    ]);
    expect(told.decided('approve').state.closed).toBe('approved');
  });

  it('leaves who decided before to decide the same step again, and no other', () => {
    const told = back(aTransfer().upTo('sourceAuthority'), 'sourceSchool');
    const { taskId, version } = told.task;
    const decide = { do: 'decide', taskId, verdict: 'approve', opinion: '', version } as const;
    expect(told.moved(decide, reviewerOf('westSchool', 'reviewer of westCounty'))).toBe('separation-of-duties');
    expect(told.moved(decide, reviewerOf('westSchool'))).toBeUndefined();
  });

  it('goes to no step that comes later, runs beside it or is not on the route', () => {
    const told = aTransfer().upTo('destinationSchool');
    const { taskId, version } = told.task;
    for (const to of ['destinationSchool', 'sourceAuthority', 'nowhere']) {
      const move = { do: 'decide', taskId, verdict: 'return', opinion: 'because', version, to } as const;
      expect(told.moved(move, reviewerOf('eastSchool'))).toBe('not-an-earlier-step');
    }
  });

  it('counts as the one return of the step; another is for the supervisor', () => {
    const told = back(aTransfer().upTo('sourceAuthority'), 'destinationSchool').upTo('sourceAuthority');
    expect(() => back(told, 'sourceSchool')).toThrow('second-return-needs-supervisor');
    expect(back(told, 'sourceSchool', supervisorOf('westCounty')).task.step).toBe('sourceSchool');
  });

  it('takes the task beside it back, with the days that it has used', () => {
    const told = aTransfer(transferRoute({ policy: policyWith({ parallelAuthorities: true }) }));
    told.decided('approve').decided('approve');
    const [west, east] = openTasks(told.state);
    told.decided('return', reviewerOf('westCounty'), west, 'destinationSchool');
    expect(openTasks(told.state).map(({ step }) => step)).toEqual(['destinationSchool']);
    expect(stepOf(told.state, east!.step)).toMatchObject({ status: 'waiting', visit: 2, spent: [{ arrivedOn: east!.arrivedOn }] });
    expect(openTasks(told.decided('approve').state).map(({ visit }) => visit)).toEqual([2, 2]);
  });

  it('cannot be taken back: the earlier step has begun anew', () => {
    const told = aTransfer().upTo('sourceAuthority');
    const { taskId } = told.task;
    back(told, 'sourceSchool');
    expect(told.moved({ do: 'retract', taskId }, reviewerOf('westCounty'))).toBe('nothing-to-retract');
  });
});
