import { record, type LoadedCase } from '../../cases/cases.store.js';
import { admissible, type Move } from '../../domain/case/admissible.js';
import type { ActBody, DecisionData, Verdict } from '../../domain/case/acts.js';
import { filerNow, openTasks, type OpenTask } from '../../domain/case/case.js';
import type { Actor } from '../../domain/offices.js';
import { addDays, dateOf } from '../../domain/working-days.js';
import { demoId } from '../../demo/demo-id.js';
import { refuse } from '../../platform/http/problem.js';
import { actedBy } from '../../platform/ledger/acted-by.js';
import { newId } from '../../platform/ledger/new-id.js';
import { liveUntil } from './process.js';
import { NotToday, type Stage } from './stage.js';

/** What somebody did with a case of the demonstration, so many working days before today. */
export interface Played {
  readonly on: number;
  readonly play: (stage: Stage, loaded: LoadedCase) => Promise<LoadedCase>;
}

interface Done {
  readonly actor: Actor;
  readonly move: Move;
  readonly act: ActBody;
  readonly texts?: Readonly<Record<string, string>>;
}

/** One act of a person, judged as the API judges it. */
async function acted({ tx, context }: Stage, loaded: LoadedCase, { actor, move, act, texts }: Done): Promise<LoadedCase> {
  refuse(admissible(loaded.state, move, actor, await context.moment(tx)));
  return record(tx, context, loaded, act, { by: actedBy(actor), texts: texts && { ...texts } });
}

/** The task that is open at a reviewer, or the supplement at the filer. */
function taskIn({ state, request }: LoadedCase, supplement = false): OpenTask {
  const task = openTasks(state).find((one) => one.supplement === supplement);
  if (!task) throw new NotToday(`${request.kind} ${request.number} has no such task open`);
  return task;
}

const officeAt = (stage: Stage, { holder, supplement, office }: OpenTask): Actor => {
  const role = supplement ? 'clerk' : 'reviewer';
  return stage.actor(`${office === 'authoritySupervisor' ? 'supervisor' : role}.${stage.codeOf(holder)}`);
};

const decide = (on: number, verdict: Verdict, opinion: string, data?: DecisionData, more?: Readonly<Record<string, string>>): Played => ({
  on,
  play: (stage, loaded) => {
    const task = taskIn(loaded);
    const { taskId, step, visit, version } = task;
    return acted(stage, loaded, {
      actor: officeAt(stage, task),
      move: { do: 'decide', taskId, verdict, opinion, version },
      act: { kind: 'decided', taskId, step, visit, verdict, decidedOn: dateOf(stage.clock.now()), ...(data && { data }) },
      texts: { opinion, ...more },
    });
  },
});

export const approves = (on: number, opinion = '材料齐全，同意。'): Played => decide(on, 'approve', opinion);
export const rejects = (on: number, opinion: string): Played => decide(on, 'reject', opinion);
export const returns = (on: number, opinion: string): Played => decide(on, 'return', opinion);

/** The destination school approves and places the student. */
export const places = (on: number, className: string): Played =>
  decide(on, 'approve', '同意接收，已安排班级。', { placement: { className } });

/** Approves a batch but for some of its rows, each with the reason. */
export const approvesBut = (on: number, reasons: ReadonlyMap<string, string>): Played =>
  decide(
    on,
    'approve',
    '其余学生材料齐全，同意。',
    { rows: [...reasons.keys()].map((row) => ({ row, verdict: 'return' })) },
    { rows: JSON.stringify(Object.fromEntries(reasons)) },
  );

export const takesInHand = (on: number): Played => ({
  on,
  play: (stage, loaded) => {
    const task = taskIn(loaded);
    const { taskId, step } = task;
    const act = { kind: 'claimed' as const, taskId, step, workingDays: 3 };
    return acted(stage, loaded, { actor: officeAt(stage, task), move: { do: 'claim', taskId }, act });
  },
});

const filer = (stage: Stage, { state }: LoadedCase): Actor => stage.actor(`clerk.${stage.codeOf(filerNow(state))}`);

export const supplements = (on: number, note: string): Played => ({
  on,
  play: (stage, loaded) => {
    const { taskId, step, visit } = taskIn(loaded, true);
    const act = { kind: 'supplemented' as const, taskId, step, visit, evidenceIds: [], late: false };
    return acted(stage, loaded, { actor: filer(stage, loaded), move: { do: 'supplement', taskId }, act, texts: { note } });
  },
});

export const recalls = (on: number, reason: string): Played => ({
  on,
  play: (stage, loaded) =>
    acted(stage, loaded, { actor: filer(stage, loaded), move: { do: 'recall' }, act: { kind: 'recalled' }, texts: { reason } }),
});

/** The filer asks the holder to hurry. */
export const asksToHurry = (on: number): Played => ({
  on,
  play: (stage, loaded) => acted(stage, loaded, { actor: filer(stage, loaded), move: { do: 'urge' }, act: { kind: 'urged' } }),
});

/** 督办: the superior to whom the task went asks for an answer within some days. */
export const urges = (on: number, note: string, days: number): Played => ({
  on,
  play: async (stage, loaded) => {
    const { taskId, step, escalatedTo } = taskIn(loaded);
    const [organisationId] = escalatedTo;
    if (!organisationId) throw new NotToday('the task has not gone to a superior');
    const actor = stage.actor(`supervisor.${stage.codeOf(organisationId)}`);
    const now = stage.clock.now();
    const answerBy = addDays(dateOf(now), days);
    const act = { kind: 'urged' as const, taskId, step, answerBy };
    const after = await acted(stage, loaded, { actor, move: { do: 'urge', taskId }, act, texts: { note } });
    await stage.tx.query(
      'insert into urge (request_id, seq, task_id, organisation_id, person_id, answer_by, urged_at) values ($1,$2,$3,$4,$5,$6,$7)',
      [loaded.request.id, after.request.lastSeq, taskId, organisationId, actor.personId, answerBy, new Date(now)],
    );
    return after;
  },
});

/** 征求意见: another organisation is asked for its opinion. */
export const asks = (on: number, code: string, question: string, days: number): Played => ({
  on,
  play: async (stage, loaded) => {
    const task = taskIn(loaded);
    const { taskId, step, holder } = task;
    const [consultationId, organisationId] = [newId(), demoId('organisation', code)];
    const now = stage.clock.now();
    const dueDate = addDays(dateOf(now), days);
    const act = { kind: 'consulted' as const, consultationId, taskId, step, organisationId, dueDate };
    const after = await acted(stage, loaded, { actor: officeAt(stage, task), move: { do: 'consult', taskId }, act, texts: { question } });
    await stage.tx.query(
      `insert into consultation (id, request_id, task_id, asking_id, asked_id, due_date, asked_seq, asked_at)
       values ($1,$2,$3,$4,$5,$6,$7,$8)`,
      [consultationId, loaded.request.id, taskId, holder, organisationId, dueDate, after.request.lastSeq, new Date(now)],
    );
    return after;
  },
});

/** The organisation that was asked last answers. */
export const answers = (on: number, opinion: string): Played => ({
  on,
  play: async (stage, loaded) => {
    const [asked] = Object.entries(loaded.state.consultations);
    if (!asked) throw new NotToday('nobody was asked');
    const [consultationId, { organisationId, step, dueDate }] = asked;
    const now = stage.clock.now();
    const act = { kind: 'consultationAnswered' as const, consultationId, step, late: dateOf(now) > dueDate };
    const actor = stage.actor(`reviewer.${stage.codeOf(organisationId)}`);
    const move = { do: 'answerConsultation' as const, consultationId };
    const after = await acted(stage, loaded, { actor, move, act, texts: { opinion } });
    await stage.tx.query('update consultation set answered_seq = $2, answered_at = $3 where id = $1', [
      consultationId,
      after.request.lastSeq,
      new Date(now),
    ]);
    return after;
  },
});

export const comments = (on: number, comment: string): Played => ({
  on,
  play: (stage, loaded) =>
    acted(stage, loaded, { actor: filer(stage, loaded), move: { do: 'comment' }, act: { kind: 'commented' }, texts: { comment } }),
});

/** The student says at the own school that the change is not as agreed (A21). */
export const objects = (on: number, objection: string): Played => ({
  on,
  play: (stage, loaded) => {
    const act = { kind: 'objected' as const, objector: 'student' as const };
    return acted(stage, loaded, { actor: filer(stage, loaded), move: { do: 'object' }, act, texts: { objection } });
  },
});

const operates = (on: number, move: Extract<Move, { do: 'pause' | 'cancel' }>, act: ActBody, reason: string): Played => ({
  on,
  play: (stage, loaded) => acted(stage, loaded, { actor: stage.actor('operator'), move, act, texts: { reason } }),
});
export const pauses = (on: number, reason: string): Played =>
  operates(on, { do: 'pause' }, { kind: 'held', cause: 'investigation' }, reason);
export const cancels = (on: number, reason: string): Played => operates(on, { do: 'cancel' }, { kind: 'cancelled' }, reason);

/** Plays what was done with a case, the process in between, until the present. What today's date forbids is left out with what follows. */
export async function played(stage: Stage, loaded: LoadedCase, all: readonly Played[]): Promise<LoadedCase> {
  let now = loaded;
  for (const [nth, { on, play }] of all.entries()) {
    const open = await liveUntil(stage, now, stage.workingDaysAgo(on, 15 * (nth + 1)));
    const next = await stage.part(() => play(stage, open));
    now = next ?? open;
    if (!next) break;
  }
  return liveUntil(stage, now, stage.present);
}
