import { continueAsNew, getExternalWorkflowHandle, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { ChangeReading } from '../activities/organisation-changes.js';
import { awaited, nextOfChange, REMEDIES, type ChangeProgressState, type ChangeTodo } from '../src/domain/organisation-change.js';
import { wake, type OrganisationChangeInput } from './messages.js';

const batches = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

const MANY_EVENTS = 4000;
const A_SECOND = 1000;

/**
 * The job of one merger or closure: it waits for the day, closes the school, then moves its cases, orders and dossiers in batches. It keeps
 * no progress, because every reading counts what is left. So a new run goes on where an old one died.
 */
export async function organisationChange(input: OrganisationChangeInput): Promise<'done'> {
  const ask = { changeId: input.changeId };
  let { standing } = await batches.readChange(ask);
  for (;;) {
    setCurrentDetails(inWords(input, standing));
    const todo = nextOfChange(standing, Date.now());
    if (todo.do === 'end') return 'done';
    if (todo.do === 'wait') {
      await sleep(Math.max(A_SECOND, todo.until - Date.now()), { summary: summaryOf(standing) });
      ({ standing } = await batches.readChange(ask));
    } else {
      const reading = await perform(todo.do);
      await tell(reading.told);
      // The workflow's clock may run ahead of the product's by a little: what changed nothing is not asked again at once.
      if (JSON.stringify(reading.standing) === JSON.stringify(standing)) await sleep(A_SECOND);
      standing = reading.standing;
    }
    if (workflowInfo().historyLength > MANY_EVENTS) await continueAsNew<typeof organisationChange>(input);
  }

  function perform(what: Exclude<ChangeTodo['do'], 'wait' | 'end'>): Promise<ChangeReading> {
    switch (what) {
      case 'closeSchool':
        return batches.closeSchool(ask);
      case 'rerouteCases':
        return batches.rerouteCases(ask);
      case 'rerouteOrders':
        return batches.rerouteOrders(ask);
      case 'moveDossiers':
        return batches.moveDossiers(ask);
      case 'complete':
        return batches.completeChange(ask);
    }
  }
}

/** Wakes the cases that have a new holder. A lost wake is the reconciler's. */
async function tell(workflowIds: readonly string[]): Promise<void> {
  await Promise.all(
    workflowIds.map((id) =>
      getExternalWorkflowHandle(id)
        .signal(wake, { kind: 'rerouted' })
        .catch(() => undefined),
    ),
  );
}

function inWords({ kind, school, intoSchool, effectiveOn }: OrganisationChangeInput, standing: ChangeProgressState): string {
  const { state, casesMoved, casesLeft, ordersMoved, ordersLeft, dossiersMoved, dossiersLeft } = standing;
  const what = kind === 'merger' ? `合并 merger ${school.name} → ${intoSchool?.name ?? ''}` : `撤销 closure ${school.name}`;
  return [
    `${what}，${effectiveOn}`,
    `**${STATE[state]}**`,
    [
      `- 在办申请 cases: ${casesMoved} moved, ${casesLeft} left`,
      `- 责令 orders: ${ordersMoved} moved, ${ordersLeft} left`,
      `- 学籍档案 dossiers: ${dossiersMoved} moved, ${dossiersLeft} left`,
    ].join('\n'),
    ...awaited(standing).map(
      (one) => `- **等待 Waiting for ${one.students} ${one.state}**: ${REMEDIES[one.state].zh}。${REMEDIES[one.state].en}`,
    ),
  ].join('\n\n');
}

const STATE = { planned: '待生效 Planned', running: '办理中 Running', done: '已完成 Done' } as const;

const summaryOf = ({ state, studentsLeft }: ChangeProgressState): string =>
  state === 'planned'
    ? '等待生效日 wait for the day'
    : studentsLeft > 0
      ? '等待学生编班 wait until the students are placed'
      : '收尾 settle';
