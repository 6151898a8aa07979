import { inScope } from '../../src/platform/database/in-scope.js';
import { openTasks } from '../../src/domain/case/case.js';
import { addDays } from '../../src/domain/working-days.js';
import { readCase } from '../../src/cases/cases.store.js';
import { audited } from '../fixtures/audit.js';
import { as, type ApiClient } from '../fixtures/client.js';
import type { Demonstration, DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import type { System } from '../fixtures/system.js';

export interface Change {
  id: string;
  state: string;
  progress: {
    cases: { moved: number; left: number };
    dossiers: { moved: number; left: number };
    orders: { moved: number; left: number };
    officesMoved: number;
    studentsLeft: number;
    waitingFor: { state: string; students: number; remedy: string }[];
  };
}

/** A merger or closure as its authority's supervisor sees it. */
export class Rehearsal {
  private constructor(
    readonly system: System,
    readonly demo: Demonstration,
    readonly supervisor: ApiClient,
    readonly id: string,
  ) {}

  /** Started for tomorrow, or in so many days, by the supervisor of the nearest authority that is over each school. */
  static async started(
    system: System,
    demo: Demonstration,
    school: DemoOrganisation,
    into?: DemoOrganisation,
    inDays = 1,
  ): Promise<Rehearsal> {
    const over = demo.superiors(school).find((one) => !into || demo.superiors(into).includes(one));
    const supervisor = await as(system, demo.holder(over?.id ?? '', 'authoritySupervisor'));
    const { status, body } = await supervisor.post<Change>('/organisation-changes', {
      kind: into ? 'merger' : 'closure',
      schoolId: school.id,
      ...(into ? { intoSchoolId: into.id } : {}),
      effectiveOn: addDays(system.time.today(), inDays),
      evidenceIds: [await supervisor.evidence()],
      document: { number: '教职成〔2026〕18号', issuingBody: '教育局', date: system.time.today() },
    });
    if (status !== 201) throw new Error(`refused: ${JSON.stringify(body)}`);
    return new Rehearsal(system, demo, supervisor, body.id);
  }

  async show(): Promise<Change> {
    return (await this.supervisor.get<Change>(`/organisation-changes/${this.id}`)).body;
  }

  untilItIs(good: (change: Change) => boolean, what: string): Promise<Change> {
    return until(() => this.show(), good, what, 60_000);
  }
}

/** The rows of a statement, as the owner reads them. */
export const rows = <T>(system: System, sql: string, values: unknown[] = []): Promise<T[]> => asOwner<T[]>(system, sql, values);

/** What invariant 3 asks. */
export const ledgerProblems = async (system: System): Promise<readonly string[]> => (await audited(system)).problems;

/** Open tasks by the acts alone, and as they are stored. */
export async function openTasksOf({ system, id }: Story): Promise<{ told: object[]; stored: object[] }> {
  const told = await inScope(system.db, 'system', async (tx) => {
    const loaded = await readCase(tx, id);
    return (loaded ? openTasks(loaded.state) : []).map(({ taskId, holder, office, onBehalfOf = null, version }) => ({
      id: taskId,
      holder,
      office,
      onBehalfOf,
      version,
    }));
  });
  const stored = await rows<object>(
    system,
    `select id, holder_id as holder, office, on_behalf_of_id as "onBehalfOf", version from task where request_id = $1 and state = 'open'
      order by id`,
    [id],
  );
  return { told, stored };
}

/** Approves what is open until nothing is; a person who decided another step leaves this one to the next reviewer (invariant 2). */
export async function approvedByWhoMay(story: Story): Promise<Detail> {
  for (;;) {
    const detail = await story.settled();
    const [task] = detail.currentTasks;
    if (detail.state !== 'open' || detail.hold || !task) return detail;
    for (let nth = 0; ; nth += 1) {
      const { status, body } = await story.decide('approve', { step: task.step, nth });
      if (status === 200) break;
      if (nth > 1) throw new Error(`nobody may approve ${task.step}: ${JSON.stringify(body)}`);
    }
  }
}
