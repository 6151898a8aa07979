import fc from 'fast-check';
import type { Verdict } from '../../src/domain/case/acts.js';
import { admissible, allowedVerdicts } from '../../src/domain/case/admissible.js';
import { openTasks } from '../../src/domain/case/case.js';
import type { Actor } from '../../src/domain/offices.js';
import { instantOf } from '../../src/domain/working-days.js';
import {
  aTransfer,
  CaseTold,
  clerkOf,
  FILER,
  operator,
  person,
  policyWith,
  reviewerOf,
  supervisorOf,
  transferRoute,
} from '../fixtures/case.js';

const VERDICTS = ['approve', 'reject', 'return'] as const;
const decide = (told: CaseTold, actor: Actor, verdict: Verdict = 'approve', change: { opinion?: string; version?: number } = {}) => {
  const { taskId, version } = told.task;
  return admissible(told.state, { do: 'decide', taskId, verdict, opinion: 'because', version, ...change }, actor, told.moment)?.code;
};
const on = (told: CaseTold, move: 'claim' | 'release' | 'reassign' | 'supplement' | 'urge', actor: Actor) =>
  admissible(told.state, { do: move, taskId: told.task.taskId }, actor, told.moment)?.code;
/** Overdue, and shown to so many superiors. */
const escalated = (told: CaseTold, levels: number) => {
  const { taskId, step, visit, ladder } = told.task;
  for (let level = 1; level <= levels; level += 1) told.append({ kind: 'escalated', taskId, step, visit, level, to: ladder[level - 1]! });
  return told;
};

describe('who may decide a task', () => {
  it('a reviewer of its holder', () => {
    expect(VERDICTS.map((verdict) => decide(aTransfer(), reviewerOf('westSchool'), verdict))).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['a reviewer of another school', reviewerOf('eastSchool')],
    ['a clerk of the holder', clerkOf('westSchool', 'another clerk')],
    ['the reviewer of the competent authority', reviewerOf('westCounty')],
    ['the supervisor of the competent authority', supervisorOf('westCounty')],
    ['an operator', person('operator', 'operator', 'westSchool')],
    ['somebody whose office has ended', { personId: 'reviewer of westSchool', offices: [] }],
  ])('not %s', (_, actor) => {
    expect(VERDICTS.map((verdict) => decide(aTransfer(), actor, verdict))).toEqual(Array(3).fill('not-your-task'));
  });

  it('never the filer, also with the office of a reviewer (invariant 2)', () => {
    expect(decide(aTransfer(), reviewerOf('westSchool', FILER))).toBe('separation-of-duties');
    expect(decide(aTransfer().upTo('sourceAuthority'), reviewerOf('westCounty', FILER))).toBe('separation-of-duties');
  });

  it('never who decided another step', () => {
    const both: Actor = { personId: 'of both', offices: [...reviewerOf('westSchool').offices, ...reviewerOf('westCounty').offices] };
    const told = aTransfer().decided('approve', both).upTo('sourceAuthority');
    expect(decide(told, both)).toBe('separation-of-duties');
    expect(decide(told, reviewerOf('westCounty'))).toBeUndefined();
  });

  it('again who returned the same step', () => {
    const told = aTransfer().decided('return').supplemented();
    expect(decide(told, reviewerOf('westSchool'))).toBeUndefined();
  });

  it('nobody a second time', () => {
    const told = aTransfer();
    const { taskId, version } = told.task;
    told.decided('approve');
    const again = { do: 'decide', taskId, verdict: 'approve', opinion: '', version } as const;
    expect(admissible(told.state, again, reviewerOf('westSchool', 'a second reviewer'), told.moment)).toEqual({ code: 'already-decided' });
  });

  it('nobody a supplement', () => {
    const told = aTransfer().decided('return');
    for (const actor of [reviewerOf('westSchool'), clerkOf('westSchool'), clerkOf('westSchool', 'another clerk')])
      expect(VERDICTS.map((verdict) => decide(told, actor, verdict))).toEqual(Array(3).fill('not-your-task'));
  });

  it('the authority that records the answer of an outside school, in whose name it decides (A23)', () => {
    const source = { schoolId: 'westSchool', authorityId: 'westCounty', provinceId: 'westProvince', answersOutside: true };
    const told = aTransfer(transferRoute({ kind: 'crossTrackTransfer', source })).upTo('sourceSchool');
    expect(told.task.onBehalfOf).toBe('westSchool');
    expect([decide(told, reviewerOf('westSchool')), decide(told, reviewerOf('eastCounty'))]).toEqual(['not-your-task', undefined]);
  });
});

describe('claim and assignment', () => {
  const claimed = () => {
    const told = aTransfer();
    told.moved({ do: 'claim', taskId: told.task.taskId }, reviewerOf('westSchool', 'the first'));
    return told;
  };

  it('a claim keeps other reviewers from claiming and deciding, not the claimant', () => {
    const [first, second] = ['the first', 'the second'].map((name) => reviewerOf('westSchool', name)) as [Actor, Actor];
    expect([decide(claimed(), second), on(claimed(), 'claim', second)]).toEqual(['already-claimed', 'already-claimed']);
    expect([decide(claimed(), first), on(claimed(), 'claim', first)]).toEqual([undefined, undefined]);
  });

  it('only the claimant releases, and then the task is anybody’s again', () => {
    const told = claimed();
    expect(on(told, 'release', reviewerOf('westSchool', 'the second'))).toBe('not-claimed-by-you');
    expect(told.moved({ do: 'release', taskId: told.task.taskId }, reviewerOf('westSchool', 'the first'))).toBeUndefined();
    expect(decide(told, reviewerOf('westSchool', 'the second'))).toBeUndefined();
  });

  it('nobody claims the task of another organisation, or releases what nobody claimed', () => {
    expect(on(aTransfer(), 'claim', reviewerOf('eastSchool'))).toBe('not-your-task');
    expect(on(aTransfer(), 'release', reviewerOf('westSchool'))).toBe('not-claimed-by-you');
  });

  it('neither the filer nor who decided another step claims a task or gets it handed, for they may not decide it', () => {
    const told = aTransfer().decided('approve', reviewerOf('westSchool', 'the decider'));
    const filer = told.route.filer.personId;
    for (const name of [filer, 'the decider']) {
      expect(on(told, 'claim', reviewerOf('eastSchool', name))).toBe('separation-of-duties');
      const handing = { do: 'reassign', taskId: told.task.taskId, to: name } as const;
      expect(told.moved(handing, reviewerOf('eastSchool'))).toBe('separation-of-duties');
    }
    const supplement = aTransfer().decided('return');
    expect(on(supplement, 'claim', clerkOf('westSchool', filer))).toBeUndefined();
  });

  it('a reassigned task is for its assignee alone, not even for who had claimed it', () => {
    const told = claimed();
    told.moved({ do: 'reassign', taskId: told.task.taskId }, reviewerOf('westSchool', 'the first'), 'the third');
    const by = (name: string) => [decide(told, reviewerOf('westSchool', name)), on(told, 'claim', reviewerOf('westSchool', name))];
    expect(by('the first')).toEqual(['not-your-task', 'not-your-task']);
    expect(by('the third')).toEqual([undefined, undefined]);
  });

  it('what a colleague has claimed is handed on by the claimant, a supervisor, the superior that sees it or the operator', () => {
    const ofCounty = () => {
      const told = aTransfer().upTo('sourceAuthority');
      const { taskId, step, visit } = told.task;
      told.append({ kind: 'escalated', taskId, step, visit, level: 1, to: 'westCity' });
      told.moved({ do: 'claim', taskId }, reviewerOf('westCounty', 'the first'));
      return told;
    };
    const by = (...actors: Actor[]) => actors.map((actor) => on(ofCounty(), 'reassign', actor));
    expect(by(reviewerOf('westCounty', 'the second'))).toEqual(['already-claimed']);
    const others = [supervisorOf('westProvince'), reviewerOf('eastCounty'), clerkOf('westSchool')];
    expect(by(...others)).toEqual(others.map(() => 'not-your-task'));
    const may = [reviewerOf('westCounty', 'the first'), supervisorOf('westCounty'), supervisorOf('westCity'), operator];
    expect(by(...may)).toEqual(may.map(() => undefined));
    const lapsed = ofCounty();
    lapsed.now = instantOf('2026-11-26');
    expect(on(lapsed, 'reassign', reviewerOf('westCounty', 'the second'))).toBeUndefined();
  });

  it('a claimed supplement is handed in by the clerk who claimed it', () => {
    const told = aTransfer().decided('return');
    told.moved({ do: 'claim', taskId: told.task.taskId }, clerkOf('westSchool', 'the first'));
    expect(on(told, 'supplement', clerkOf('westSchool', 'the second'))).toBe('already-claimed');
    expect(on(told, 'supplement', clerkOf('westSchool', 'the first'))).toBeUndefined();
  });

  it('a reassigned task can be reassigned again by the office that holds it', () => {
    const told = aTransfer();
    told.moved({ do: 'reassign', taskId: told.task.taskId }, reviewerOf('westSchool', 'the first'), 'the second');
    expect(on(told, 'reassign', reviewerOf('westSchool', 'the first'))).toBeUndefined();
    expect(on(told, 'reassign', clerkOf('westSchool'))).toBe('not-your-task');
  });
});

describe('how a task is decided', () => {
  it('with the version the reviewer has read, and the refusal says which one is current', () => {
    const told = aTransfer();
    told.moved({ do: 'reassign', taskId: told.task.taskId }, reviewerOf('westSchool'), 'reviewer of westSchool');
    const stale = { do: 'decide', taskId: told.task.taskId, verdict: 'approve', opinion: '', version: 1 } as const;
    expect(admissible(told.state, stale, reviewerOf('westSchool'), told.moment)).toEqual({ code: 'stale-version', facts: { version: 2 } });
    expect(decide(told, reviewerOf('westSchool'), 'approve', { version: 2 })).toBeUndefined();
    expect(decide(told, reviewerOf('westSchool'), 'approve', { version: 3 })).toBe('stale-version');
  });

  it('with an opinion, when it is a rejection or a return', () => {
    const without = (verdict: Verdict, opinion: string) => decide(aTransfer(), reviewerOf('westSchool'), verdict, { opinion });
    expect(VERDICTS.map((verdict) => without(verdict, ''))).toEqual([undefined, 'opinion-required', 'opinion-required']);
    expect(without('reject', ' \n\u3000')).toBe('opinion-required');
  });
});

describe('a second return of a step (A9)', () => {
  const again = () => aTransfer().upTo('sourceAuthority').decided('return').supplemented();

  it('is not for a reviewer, who may still approve and reject', () => {
    expect(VERDICTS.map((verdict) => decide(again(), reviewerOf('westCounty'), verdict))).toEqual([
      undefined,
      undefined,
      'second-return-needs-supervisor',
    ]);
  });

  it('is for the supervisor of the holder or of its immediate superior, and needs a reason', () => {
    expect([supervisorOf('westCounty'), supervisorOf('westCity')].map((who) => decide(again(), who, 'return'))).toEqual([
      undefined,
      undefined,
    ]);
    expect(decide(again(), supervisorOf('westCity'), 'return', { opinion: '' })).toBe('opinion-required');
  });

  it('is not for a supervisor further up or of the other side', () => {
    for (const authority of ['westProvince', 'eastCity']) expect(decide(again(), supervisorOf(authority), 'return')).toBe('not-your-task');
  });

  it('gives a supervisor of the superior no other verdict', () => {
    expect(allowedVerdicts(again().state, again().task.taskId, supervisorOf('westCity'), again().moment)).toEqual(['return']);
  });

  it('leaves the first return of another step to its reviewer', () => {
    const told = aTransfer().decided('return').supplemented().upTo('destinationSchool');
    expect(decide(told, reviewerOf('eastSchool'), 'return')).toBeUndefined();
  });

  it('opens another supplement, and a third visit', () => {
    const told = again().decided('return', supervisorOf('westCounty')).supplemented();
    expect(told.task).toMatchObject({ step: 'sourceAuthority', visit: 3, supplement: false });
  });
});

describe('the superior to whom an overdue task was escalated (A4)', () => {
  const overdue = () => escalated(aTransfer().upTo('sourceAuthority'), 1);

  it('may urge and reassign', () => {
    expect([on(overdue(), 'urge', supervisorOf('westCity')), on(overdue(), 'reassign', supervisorOf('westCity'))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('never decides for the holder, also not with the office of a reviewer there', () => {
    for (const actor of [supervisorOf('westCity'), reviewerOf('westCity')])
      expect(VERDICTS.map((verdict) => decide(overdue(), actor, verdict))).toEqual(Array(3).fill('not-your-task'));
  });

  it('neither claims the task nor works on it', () => {
    expect(on(overdue(), 'claim', supervisorOf('westCity'))).toBe('not-your-task');
  });

  it('may do nothing before the escalation, nor one above it before its own', () => {
    const moves = ['urge', 'reassign'] as const;
    expect(moves.map((move) => on(aTransfer().upTo('sourceAuthority'), move, supervisorOf('westCity')))).toEqual([
      'not-your-task',
      'not-your-task',
    ]);
    expect(moves.map((move) => on(overdue(), move, supervisorOf('westProvince')))).toEqual(['not-your-task', 'not-your-task']);
    expect(on(escalated(aTransfer().upTo('sourceAuthority'), 2), 'urge', supervisorOf('westProvince'))).toBeUndefined();
  });

  it('leaves the task with its holder, who decides', () => {
    expect(decide(overdue(), reviewerOf('westCounty'))).toBeUndefined();
  });
});

describe('the filer', () => {
  it('may urge the request as a whole; others may not', () => {
    const urge = (actor: Actor) => admissible(aTransfer().state, { do: 'urge' }, actor, aTransfer().moment)?.code;
    expect([urge(clerkOf('westSchool')), urge(clerkOf('eastSchool')), urge(reviewerOf('westSchool'))]).toEqual([
      undefined,
      'not-your-request',
      'not-your-request',
    ]);
  });

  it('supplements what was returned; another clerk of the school may too, a reviewer not', () => {
    const told = aTransfer().decided('return');
    expect(on(told, 'supplement', clerkOf('westSchool'))).toBeUndefined();
    expect(on(told, 'supplement', clerkOf('westSchool', 'another clerk'))).toBeUndefined();
    expect(on(told, 'supplement', reviewerOf('westSchool'))).toBe('not-your-task');
    expect(on(told, 'supplement', clerkOf('eastSchool'))).toBe('not-your-task');
  });

  it('has nothing to supplement while a reviewer has the case', () => {
    expect(on(aTransfer(), 'supplement', clerkOf('westSchool'))).toBe('not-a-supplement');
  });
});

describe('allowedVerdicts', () => {
  const actors = [
    ...['westSchool', 'eastSchool', 'westCounty', 'eastCounty', 'westCity'].map((at) => reviewerOf(at)),
    ...['westCounty', 'eastCounty', 'westCity', 'eastCity', 'westProvince'].map((at) => supervisorOf(at)),
    clerkOf('westSchool'),
    reviewerOf('westSchool', FILER),
    reviewerOf('westSchool', 'a second reviewer'),
  ];
  const told = fc.tuple(fc.boolean(), fc.array(fc.constantFrom('approve', 'return', 'claim', 'reassign', 'escalate'), { maxLength: 8 }));

  it('is what admissible admits, for every verdict, person and state of a case', () => {
    fc.assert(
      fc.property(told, ([parallelAuthorities, moves]) => {
        const story = new CaseTold(transferRoute({ policy: policyWith({ parallelAuthorities }) })).settled();
        for (const move of moves) step(story, move);
        for (const task of [...openTasks(story.state), { taskId: 'unknown', version: 1 }])
          for (const actor of actors) {
            const admitted = VERDICTS.filter(
              (verdict) => !admissible(story.state, { do: 'decide', ...task, verdict, opinion: 'because' } as never, actor, story.moment),
            );
            expect(allowedVerdicts(story.state, task.taskId, actor, story.moment)).toEqual(admitted);
          }
      }),
    );
  });

  function step(story: CaseTold, move: string) {
    const [task] = openTasks(story.state);
    if (!task) return;
    const { taskId, version, holder, step, visit, ladder } = task;
    if (task.supplement) story.moved({ do: 'supplement', taskId }, clerkOf('westSchool'));
    else if (move === 'escalate') story.append({ kind: 'escalated', taskId, step, visit, level: 1, to: ladder[0]! });
    else if (move === 'claim' || move === 'reassign') story.moved({ do: move, taskId }, reviewerOf(holder), `reviewer of ${holder}`);
    else story.moved({ do: 'decide', taskId, verdict: move as Verdict, opinion: 'because', version }, reviewerOf(holder));
    story.settled();
  }
});
