import { openTasks, stepOf } from '../../src/domain/case/case.js';
import { instantOf } from '../../src/domain/working-days.js';
import { aTransfer, clerkOf, policyWith, reviewerOf, transferRoute, type CaseTold } from '../fixtures/case.js';

const retract = (told: CaseTold, taskId: string, at = 'westSchool') => told.moved({ do: 'retract', taskId }, reviewerOf(at));
const approved = () => {
  const told = aTransfer();
  const { taskId } = told.task;
  return { told: told.decided('approve'), taskId };
};

describe('taking back the own decision', () => {
  it('takes the next task from its holder, who had not touched it, and opens the next visit of the own step', () => {
    const { told, taskId } = approved();
    expect(retract(told, taskId)).toBeUndefined();
    expect(openTasks(told.state)).toEqual([]);
    expect(told.settled().task).toMatchObject({ step: 'sourceSchool', visit: 2 });
    expect(told.decided('approve').task).toMatchObject({ step: 'destinationSchool', visit: 2, workingDays: 10 });
    expect(stepOf(told.state, 'destinationSchool').spent).toMatchObject([{ taskId: 'destinationSchool/1', holder: undefined }]);
    expect(told.upTo('destinationAuthority').decided('approve').state.closed).toBe('approved');
  });

  it('works before the next task has been opened, too', () => {
    const told = aTransfer();
    const { taskId, version } = told.task;
    told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, reviewerOf('westSchool'));
    expect(retract(told, taskId)).toBeUndefined();
    expect(told.settled().task).toMatchObject({ step: 'sourceSchool', visit: 2 });
  });

  it('is for who decided, as long as the person holds that office', () => {
    const { told, taskId } = approved();
    expect(told.moved({ do: 'retract', taskId }, reviewerOf('westSchool', 'a second reviewer'))).toBe('not-your-decision');
    expect(told.moved({ do: 'retract', taskId }, clerkOf('westSchool', 'reviewer of westSchool'))).toBe('not-your-decision');
    expect(told.moved({ do: 'retract', taskId: 'unknown' }, reviewerOf('westSchool'))).toBe('nothing-to-retract');
  });

  it('is too late once the next task is claimed, until the claim is released or lapses', () => {
    const { told, taskId } = approved();
    const { taskId: next } = told.task;
    told.moved({ do: 'claim', taskId: next }, reviewerOf('eastSchool'));
    expect(retract(told, taskId)).toBe('next-step-begun');
    told.now = instantOf('2026-11-26');
    expect(retract(told, taskId)).toBeUndefined();
  });

  it('is too late once the next task is decided, whatever the verdict', () => {
    for (const verdict of ['approve', 'return'] as const) {
      const { told, taskId } = approved();
      expect(retract(told.decided(verdict), taskId)).toBe('next-step-begun');
    }
    const { told, taskId } = approved();
    expect(retract(told.decided('return').supplemented(), taskId)).toBe('next-step-begun');
  });

  it('never comes after the last step: the change takes effect', () => {
    const told = aTransfer().upTo('destinationAuthority');
    const { taskId, version } = told.task;
    told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, reviewerOf('eastCounty'));
    expect(retract(told, taskId, 'eastCounty')).toBe('already-approved');
    expect(retract(told.settled(), taskId, 'eastCounty')).toBe('request-closed');
  });

  it('undoes a return as long as nothing was handed in, and leaves the one return to be made again', () => {
    const told = aTransfer();
    const { taskId } = told.task;
    expect(retract(told.decided('return'), taskId)).toBeUndefined();
    expect(told.settled().task).toMatchObject({ step: 'sourceSchool', visit: 2, supplement: false });
    told.decided('return');
    const again = aTransfer();
    const first = again.task.taskId;
    expect(retract(again.decided('return').supplemented(), first)).toBe('nothing-to-retract');
  });

  it('happens once for a decision', () => {
    const { told, taskId } = approved();
    retract(told, taskId);
    expect(retract(told, taskId)).toBe('nothing-to-retract');
  });

  it('of one of two parallel steps leaves the other as it is', () => {
    const told = aTransfer(transferRoute({ policy: policyWith({ parallelAuthorities: true }) }));
    told.decided('approve').decided('approve');
    const [west, east] = openTasks(told.state);
    told.decided('approve', reviewerOf('westCounty'), west);
    expect(retract(told, west!.taskId, 'westCounty')).toBeUndefined();
    expect(openTasks(told.settled().state).map(({ step, visit }) => [step, visit])).toEqual([
      ['sourceAuthority', 2],
      [east!.step, 1],
    ]);
  });
});
