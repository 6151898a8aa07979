import type { DataSource } from 'typeorm';
import { inScope } from '../platform/database/in-scope.js';
import { eachInTurn } from '../platform/each.js';
import type { WakeDeps } from '../cases/wakes.js';
import type { OrganisationChangeInput } from '../../workflows/messages.js';

const INPUT = `
  select c.id as "changeId", c.kind, jsonb_build_object('code', s.code, 'name', s.name) as school, to_char(c.effective_on,
    'YYYY-MM-DD') as "effectiveOn",
    case when i.id is null then null else jsonb_build_object('code', i.code, 'name', i.name) end as "intoSchool"
  from organisation_change c join organisation s on s.id = c.school_id left join organisation i on i.id = c.into_school_id
  where c.state <> 'done' and ($1::uuid is null or c.id = $1)`;

type Row = Omit<OrganisationChangeInput, 'intoSchool'> & { intoSchool: OrganisationChangeInput['intoSchool'] | null };

const typeOf = ({ kind }: Pick<OrganisationChangeInput, 'kind'>): string => (kind === 'merger' ? 'schoolMerger' : 'schoolClosure');

export const changeWorkflowId = (change: Pick<OrganisationChangeInput, 'kind' | 'changeId'>): string =>
  `${typeOf(change)}/${change.changeId}`;

const unfinished = (db: DataSource, id: string | null): Promise<Row[]> => inScope(db, 'process', (tx) => tx.query<Row[]>(INPUT, [id]));

async function start({ client, taskQueue }: WakeDeps, { intoSchool, ...row }: Row): Promise<void> {
  const input: OrganisationChangeInput = intoSchool ? { ...row, intoSchool } : row;
  await client.workflow.start(typeOf(input), {
    workflowId: changeWorkflowId(input),
    taskQueue,
    args: [input],
    // A run that was lost, or ended before its change did, is followed by another, which goes on from what is left.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${input.kind === 'merger' ? '合并' : '撤销'} ${input.school.name}${intoSchool ? ` → ${intoSchool.name}` : ''}`,
  });
}

/** Starts the job of one change, if it does not run. */
export async function startChange(deps: WakeDeps, changeId: string): Promise<void> {
  for (const row of await unfinished(deps.db, changeId)) await start(deps, row);
}

/** Starts every unfinished change's job that does not run: whose start was lost, or whose run Temporal lost. Never "more". */
export async function startUnfinished(deps: WakeDeps): Promise<false> {
  await eachInTurn(await unfinished(deps.db, null), (row) => start(deps, row));
  return false;
}
