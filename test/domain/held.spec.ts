import { openTasks, stepOf } from '../../src/domain/case/case.js';
import { holdOf } from '../../src/domain/case/case.js';
import { isProcessing } from '../../src/domain/case/next.js';
import { aTransfer, clerkOf, reviewerOf, type CaseTold } from '../fixtures/case.js';

const WEEK = 7 * 24 * 3_600_000;
const held = (told: CaseTold) => told.append({ kind: 'held', requestId: 'the death', cause: 'death' });
const continued = (told: CaseTold) => told.append({ kind: 'continued', requestId: 'the death' }).settled();

describe('a request that a death holds (A16)', () => {
  it('says so, waits, and has neither an open task nor a message to send', () => {
    const told = held(aTransfer());
    expect(holdOf(told.state)).toEqual({ kind: 'paused', cause: 'death', since: told.now });
    expect([told.todo, told.agenda, openTasks(told.state), isProcessing(told.state)]).toEqual([{ do: 'wait' }, [], [], false]);
  });

  it('can be recalled, and nothing else', () => {
    const told = aTransfer();
    const { taskId, version, holder } = told.task;
    held(told);
    const reviewer = reviewerOf(holder);
    expect(told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, reviewer)).toBe('request-held');
    expect(told.moved({ do: 'claim', taskId }, reviewer)).toBe('request-held');
    expect(told.moved({ do: 'supplement', taskId }, clerkOf('westSchool'))).toBe('request-held');
    expect(told.moved({ do: 'urge' }, clerkOf('westSchool'))).toBe('request-held');
    expect(told.moved({ do: 'recall' }, clerkOf('westSchool'))).toBeUndefined();
    expect(told.settled().state.closed).toBe('recalled');
  });

  it('goes on at the same step with its next visit, and the time that it was held is not counted', () => {
    const told = aTransfer().upTo('sourceAuthority');
    held(told);
    told.now += WEEK;
    continued(told);
    expect(told.task).toMatchObject({ step: 'sourceAuthority', visit: 2 });
    const [{ arrivedOn, decidedOn }] = stepOf(told.state, 'sourceAuthority').spent as [{ arrivedOn: string; decidedOn: string }];
    expect(decidedOn).toBe(arrivedOn);
    expect(told.decided('approve').decided('approve').state.closed).toBe('approved');
  });

  it('goes on with its supplement when it was held during one', () => {
    const told = held(aTransfer().decided('return'));
    continued(told);
    expect(told.task).toMatchObject({ step: 'sourceSchool', supplement: true, visit: 2 });
    expect(told.supplemented().task).toMatchObject({ step: 'sourceSchool', supplement: false, visit: 3 });
  });

  it('takes effect when it goes on after its last approval, and not before', () => {
    const told = aTransfer().upTo('destinationAuthority');
    told.moved({ do: 'decide', taskId: told.task.taskId, verdict: 'approve', opinion: '', version: 1 }, reviewerOf('eastCounty'));
    held(told);
    expect(told.todo).toEqual({ do: 'wait' });
    expect(continued(told).state.closed).toBe('approved');
  });

  it('closes as superseded when the death takes effect', () => {
    const told = held(aTransfer()).append({ kind: 'superseded', requestId: 'the death' });
    expect(told.settled().state.closed).toBe('superseded');
    expect(holdOf(told.state)).toBeNull();
  });
});
