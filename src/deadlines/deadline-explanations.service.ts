import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { watchingAt } from '../domain/offices.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { deadlineOf } from '../domain/case/agenda.js';
import { ownVisits } from '../domain/case/budget.js';
import { stepOf } from '../domain/case/case.js';
import { countedDays, consumedBy } from '../domain/case/counted-days.js';
import { workingDaysOf, type Allowance } from '../domain/case/remaining.js';
import { calendarFor, dateOf } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { asAct, readCase } from '../cases/cases.store.js';
import { CalendarStore } from '../calendar/calendar.store.js';
import type { ExplainedSegment, DeadlineExplanation } from './deadline-explanations.dto.js';

interface SegmentRow extends Omit<ExplainedSegment, 'endedOn' | 'consumed' | 'kind' | 'budget' | 'added'> {
  allowance: Allowance;
  requestId: string;
  step: string;
  supplement: boolean;
  holderId: string;
  province: { id: string; code: string; name: string } | null;
  endedAt: Date | null;
}

/**
 * The task with its step's earlier visits and their supplements, for a caller who may see the task. A supplement stands alone, because its
 * working days are its own.
 */
const SEGMENTS = `
  select s.request_id as "requestId", s.id as "taskId", s.step, s.visit, s.supplement, to_char(s.arrived_on, 'YYYY-MM-DD') as "arrivedOn",
    jsonb_strip_nulls(jsonb_build_object('workingDays', s.working_days, 'budget', s.budget)) as allowance,
    coalesce(s.decided_at, r.closed_at) as "endedAt", t.holder_id as "holderId", ${ORGANISATION_NAME('sh')} as holder, case
      when p.id is null then null else ${ORGANISATION_NAME('p')} end as province
  from task t join change_request r on r.id = t.request_id join task s on s.request_id = t.request_id and s.step = t.step
    and (s.id = t.id or not t.supplement and s.visit < t.visit)
    join organisation h on h.id = t.holder_id join organisation sh on sh.id = s.holder_id left join organisation p on p.id = h.province_id
  where t.id = $1 and (r.seen_by && $2 or t.holder_id = any($2)) order by s.visit, s.supplement`;

/** Explains a deadline day by day (A7, A9). */
@Injectable()
export class DeadlineExplanations {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly calendar: CalendarStore,
  ) {}

  show(caller: Caller, taskId: string): Promise<DeadlineExplanation> {
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<SegmentRow[]>(SEGMENTS, [taskId, watchingAt(caller)]);
      const task = rows.at(-1);
      if (!task) throw new Problem('not-found');
      return this.explained(tx, rows, task);
    });
  }

  private async explained(tx: Transaction, rows: readonly SegmentRow[], task: SegmentRow): Promise<DeadlineExplanation> {
    const calendars = await this.calendar.current(tx);
    const calendar = calendarFor(calendars, { holder: task.holderId, ladder: task.province ? [task.province.id] : [] });
    const today = dateOf(this.clock.now());
    const { state, acts = [] } = (await readCase(tx, task.requestId)) ?? {};
    const extended = new Map<string, number>();
    for (const act of acts.map(asAct))
      if (act.kind === 'extended') extended.set(act.taskId, (extended.get(act.taskId) ?? 0) + act.workingDays);
    const takenBack = new Map(state && stepOf(state, task.step).spent.map((visit) => [visit.taskId, visit.decidedOn]));
    const segments = rows.map(({ taskId, visit, supplement, arrivedOn, endedAt, holder, allowance }): ExplainedSegment => {
      const endedOn = takenBack.get(taskId) ?? (endedAt && dateOf(endedAt.getTime()));
      const consumed = consumedBy(calendar, { arrivedOn, endedOn: endedOn ?? undefined }, today);
      const [budget, added] = [workingDaysOf(calendar, allowance), extended.get(taskId) ?? 0];
      return { taskId, visit, kind: supplement ? 'supplement' : 'visit', holder, arrivedOn, endedOn, budget, added, consumed };
    });
    const own = new Set([task.taskId, ...(state ? ownVisits(state, task.step, task.holderId) : []).map(({ taskId }) => taskId)]);
    const counted = segments.filter(({ taskId }) => own.has(taskId));
    const last = segments.at(-1);
    const { dueDate, dueAt, provisional } = deadlineOf(calendar, { arrivedOn: task.arrivedOn, ...task.allowance });
    const until = last?.endedOn ?? today;
    const days = countedDays(
      calendar,
      counted.map((one) => ({ arrivedOn: one.arrivedOn, endedOn: one.taskId === task.taskId ? undefined : (one.endedOn ?? undefined) })),
      until > dueDate ? until : dueDate,
    );
    return {
      taskId: task.taskId,
      step: task.step,
      visit: task.visit,
      today,
      budget: workingDaysOf(calendar, task.allowance),
      consumed: last?.consumed ?? 0,
      consumedInAll: counted.reduce((sum, { consumed }) => sum + consumed, 0),
      dueDate,
      dueAt: isoInShanghai(dueAt),
      provisional,
      calendar: {
        province: calendar === calendars.national ? null : task.province,
        version: calendar.version,
        publishedThrough: calendar.publishedThrough,
      },
      segments,
      days,
    };
  }
}
