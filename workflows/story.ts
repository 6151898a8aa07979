import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Reading } from '../activities/reading.js';
import type { AgendaItem } from '../src/domain/case/agenda.js';
import { decidesAt, holdOf, openTasks, standsNow, stepOf, type CaseState, type Hold, type OpenTask } from '../src/domain/case/case.js';
import { schoolsOf } from '../src/domain/procedure/procedure.js';
import { procedureOf, stepFor } from '../src/domain/procedure/procedures.js';
import { DUE_AT, HOLDER_ORG, OVERDUE, STAGE, type CaseInput } from './messages.js';

type Due = Reading['due'];

/**
 * Keeps what an operator sees in the Temporal Web UI true: current details in words, and search attributes. Attributes are upserted only
 * when the case comes to rest and they changed, because each upsert is a visibility write (3 ms). A closed case keeps those of its last
 * rest.
 */
export function storyOf(): (input: CaseInput, state: CaseState, due: Due) => void {
  let told = '';
  let indexed = '';
  return (input, state, due) => {
    const now = Date.now();
    const words = inWords(input, state, due, now);
    if (words !== told) setCurrentDetails((told = words));
    const attributes = attributesOf(input, state, due, now);
    const key = JSON.stringify(attributes);
    if (key === indexed || state.closed) return;
    indexed = key;
    upsertSearchAttributes([
      { key: STAGE, value: attributes.stage },
      { key: HOLDER_ORG, value: attributes.holders },
      { key: DUE_AT, value: attributes.dueAt === undefined ? null : new Date(attributes.dueAt) },
      { key: OVERDUE, value: attributes.overdue },
    ]);
  };
}

function attributesOf(input: CaseInput, state: CaseState, due: Due, now: number) {
  const tasks = openTasks(state);
  return {
    stage: stagesOf(state),
    holders: tasks.map(({ holder }) => input.organisations[holder]?.code ?? holder),
    dueAt: due.length === 0 ? undefined : Math.min(...due.map(({ dueAt }) => dueAt)),
    // As the run knows since its last look; an escalated task is not overdue when an amended calendar has moved its date since (A8).
    overdue: due.some(({ dueAt }) => dueAt <= now),
  };
}

function stagesOf(state: CaseState): string[] {
  if (state.held) return [`held:${state.held.cause}`];
  if (state.parked) return [`parked:${state.parked.cause}`];
  return state.scheduled ? ['awaitingEffect'] : openTasks(state).map(stageOf);
}

const stageOf = (task: OpenTask): string => (task.supplement ? `supplement:${task.step}` : task.step);

function inWords(input: CaseInput, state: CaseState, due: Due, now: number): string {
  const name = (id: string) => input.organisations[id]?.name ?? id;
  const { parties, kind, steps, batch } = state.route;
  const hold = holdOf(state);
  const waiting = openTasks(state).map((task) => {
    const { dueDate = '?', dueAt = now } = due.find(({ taskId }) => taskId === task.taskId) ?? {};
    const what = task.supplement ? '补正 supplement' : titleOf(state, task.step);
    const climbed = task.escalatedTo.map((id) => `，已上报 escalated to ${name(id)}`).join('');
    const moved = climbed && dueAt > now ? '；其后放假安排调整，期限已变更，现未逾期 the deadline has moved since, not overdue now' : '';
    return `**等待 Waiting for ${name(task.holder)}: ${what}, 期限 due ${dueDate}**${climbed}${moved}`;
  });
  return [
    [procedureOf(kind).title.zh, input.number, schoolsOf(parties).map(name).join(' → '), batch].filter(Boolean).join(' '),
    ...waiting,
    ...(hold ? [`**${holdInWords(hold)}**`] : []),
    ...(state.closed ? [`**办结 Closed: ${state.closed}**`] : []),
    steps
      .map(
        (step) =>
          `- ${MARK[stepOf(state, step.id).status]} ${titleOf(state, step.id)}（${name(standsNow(state, decidesAt(state, step)))}）`,
      )
      .join('\n'),
  ].join('\n\n');
}

const holdInWords = ({ kind, cause, until }: Hold): string =>
  until === undefined ? `停滞 Held: ${kind} (${cause})` : `已同意，待生效，生效日期 Approved, takes effect on ${until}`;

const MARK = { waiting: '○', open: '◐', approved: '●', rejected: '✗', returned: '↩', supplementing: '↩' } as const;

const titleOf = (state: CaseState, id: string): string => {
  const title = stepFor(state.route.kind, id)?.title;
  return title ? `${title.zh} ${title.en}` : id;
};

/** What a timer was set for, shown beside it in the UI; it may outlive that, see `setAlarm`. */
export function timerSummary(input: CaseInput, state: CaseState, agenda: readonly AgendaItem[]): string {
  const item = agenda[0];
  if (!item && state.scheduled && !state.parked) return `定时 set for: 生效 the change takes effect, ${state.scheduled.until}`;
  if (!item) return state.parked ? `retry: ${state.parked.cause}` : 'look again';
  const holder = openTasks(state).find(({ taskId }) => taskId === item.taskId)?.holder ?? '';
  const what = item.what === 'remind' ? `到期提醒 remind, ${item.n} working days left` : `逾期上报 escalate, level ${item.n}`;
  return `定时 set for: ${what}: ${input.organisations[holder]?.name ?? holder}`;
}
