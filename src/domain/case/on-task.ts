import type { Act } from './acts.js';
import type { OpenTask } from './case.js';
import { extendedBy } from './remaining.js';
import { dateOf } from '../working-days.js';

type On<K extends Act['kind']> = Extract<Act, { kind: K }>;
export type OnTask = On<
  'reassigned' | 'reminded' | 'escalated' | 'claimed' | 'released' | 'extended' | 'delegated' | 'delegationEnded' | 'vacated'
>;

/** Acts that touch a task and leave it open. */
export function onTask(task: OpenTask, act: OnTask): OpenTask {
  switch (act.kind) {
    case 'reassigned':
      return { ...unclaimed(task), assignee: act.to, delegation: undefined, version: task.version + 1 };
    case 'reminded':
      return { ...task, sent: [...task.sent, `remind:${act.workingDaysLeft}`] };
    case 'escalated':
      return { ...task, sent: [...task.sent, `escalate:${act.level}`], escalatedTo: [...task.escalatedTo, act.to] };
    case 'claimed':
      return { ...task, claim: { by: inWhoseName(act) ?? '', on: dateOf(act.at), workingDays: act.workingDays } };
    case 'released':
      return unclaimed(task);
    case 'extended':
      return extendedBy(task, act.workingDays);
    case 'delegated':
      return { ...unclaimed(task), assignee: inWhoseName(act), delegation: { to: act.to, by: inWhoseName(act) ?? '' } };
    case 'delegationEnded':
      return { ...task, delegation: undefined };
    case 'vacated':
      return vacated(task, act.persons);
  }
}

/** What a proxy claims or delegates is the absent person's, who finds it so on the day of return. */
const inWhoseName = ({ by, onBehalfOfPerson }: OnTask): string | undefined => onBehalfOfPerson ?? by?.personId;

function vacated(task: OpenTask, persons: readonly string[]): OpenTask {
  const gone = (id: string | undefined) => id !== undefined && persons.includes(id);
  const { assignee, claim, delegation } = task;
  return {
    ...task,
    assignee: gone(assignee) ? undefined : assignee,
    claim: gone(claim?.by) ? undefined : claim,
    delegation: gone(delegation?.to) || gone(delegation?.by) ? undefined : delegation,
  };
}

const unclaimed = (task: OpenTask): OpenTask => ({ ...task, claim: undefined });
