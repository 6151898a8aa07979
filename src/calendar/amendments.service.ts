import { words } from '../domain/messages/words.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem, type FieldProblem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import type { ActedBy } from '../domain/case/acts.js';
import type { Actor } from '../domain/offices.js';
import { statutoryName } from '../domain/statutory-days.js';
import { dayOfWeek } from '../domain/working-days.js';
import { appendNext } from '../platform/ledger/streams.js';
import { newId } from '../platform/ledger/new-id.js';
import type { AmendmentPage, AmendmentQuery, AmendmentView, DraftAmendment, WithdrawDraft } from './amendments.dto.js';
import { AMENDMENT, amendmentView, oneAmendment, STATE_OF, type AmendmentRow } from './amendments.views.js';
import { NATIONAL_CALENDAR } from './national-calendar.js';
import { numberWorkingDays } from './numbering.js';
import { previewOfAmendment } from './preview.js';

interface Draft {
  year: number;
  version: number;
  state: string;
  basedOn: number;
  draftedBy: string;
  inForce: number;
  calendarId: string;
  provinceId: string | null;
}

/**
 * The calendar changes by versions. One person drafts a version, with the announcement that settles it, and another approves it (A8). Both
 * are acts in the calendar's own stream. Older versions stay.
 */
@Injectable()
export class Amendments {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  async draft(caller: Caller, keyed: KeyedRequest, body: DraftAmendment): Promise<AmendmentView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const by = await officeOver(tx, actor, body.provinceId ?? null, 'draft');
      await mustBeATable(tx, body);
      const calendarId = await lockedCalendar(tx, body.provinceId);
      const id = newId();
      const validThrough = body.validThrough ?? `${body.year}-12-31`;
      const days = [...body.days].sort((a, b) => (a.date < b.date ? -1 : 1));
      const [{ version, basedOn }] = (await tx.query(
        `insert into calendar_version (id, calendar_id, year, version, based_on, state, notice, notice_url, valid_through, days, drafted_by,
          drafted_at)
         select $1, $2, $3, coalesce(max(version), 0) + 1, coalesce(max(version) filter (where state = 'approved'), 0), 'draft', $4, $5, $6,
           $7::jsonb, $8, $9
         from calendar_version where calendar_id = $2 and year = $3 returning version, based_on as "basedOn"`,
        [
          id,
          calendarId,
          body.year,
          body.notice,
          body.noticeUrl,
          validThrough,
          JSON.stringify(days),
          actor.personId,
          new Date(this.clock.now()),
        ],
      )) as [{ version: number; basedOn: number }];
      const { year, notice, noticeUrl } = body;
      await this.act(tx, calendarId, 'drafted', by, { versionId: id, year, version, basedOn, notice, noticeUrl, validThrough, days });
      return this.answer(tx, id);
    });
    return answer;
  }

  /** From the commit on everybody counts on the new days; the open tasks follow in batches (`DeadlineMoves`). */
  async approve(caller: Caller, keyed: KeyedRequest, id: string): Promise<AmendmentView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const draft = await lockedDraft(tx, id);
      const by = await officeOver(tx, actor, draft.provinceId, 'approve');
      mayBeApproved(draft, actor);
      const now = new Date(this.clock.now());
      await tx.query(
        `insert into deadline_move (id, approved_at, phase, changed_from, changed_through)
         select $1, $2, 'tasks', min(p.date), max(p.date) from effective_days($1) p
           join working_day w on w.calendar_id = coalesce((select c.id from calendar c where c.id = p.calendar_id and c.version > 0), $3)
             and w.date = p.date
         where w.worked <> p.worked`,
        [id, now, NATIONAL_CALENDAR],
      );
      await tx.query(`update calendar_version set state = 'approved', approved_by = $2, approved_at = $3 where id = $1`, [
        id,
        actor.personId,
        now,
      ]);
      await numberWorkingDays(tx);
      await this.act(tx, draft.calendarId, 'approved', by, { versionId: id, year: draft.year, version: draft.version });
      return this.answer(tx, id);
    });
    return answer;
  }

  /** An act that ends the draft; the version keeps its number and stays. @throws Problem already-approved-version, draft-withdrawn */
  async withdraw(caller: Caller, keyed: KeyedRequest, id: string, { reason }: WithdrawDraft): Promise<AmendmentView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const draft = await lockedDraft(tx, id);
      const by = await officeOver(tx, actor, draft.provinceId, 'draft');
      mustBeADraft(draft);
      const { calendarId, year, version } = draft;
      await this.act(tx, calendarId, 'withdrawn', by, { versionId: id, year, version }, { reason });
      return this.answer(tx, id);
    });
    return answer;
  }

  show(caller: Caller, id: string): Promise<AmendmentView> {
    return inScope(this.db, caller, (tx) => this.answer(tx, id));
  }

  async list(caller: Caller, { state, cursor, limit }: AmendmentQuery): Promise<AmendmentPage> {
    const [draftedAt = null, id = null] = this.cursors.read('amendments', cursor) ?? [];
    const rows = await inScope(this.db, caller, (tx) =>
      tx.query<AmendmentRow[]>(
        `${AMENDMENT} where v.drafted_at is not null and ($1::text is null or ${STATE_OF('v')} = $1)
           and ($2::timestamptz is null or (v.drafted_at, v.id) < ($2, $3::uuid)) order by v.drafted_at desc, v.id desc limit $4`,
        [state ?? null, draftedAt, id, limit + 1],
      ),
    );
    const page = this.cursors.page('amendments', rows, limit, (row) => [row.draftedAt?.toISOString() ?? '', row.id]);
    return { ...page, items: page.items.map(amendmentView) };
  }

  private async answer(tx: Transaction, id: string): Promise<AmendmentView> {
    const view = await oneAmendment(tx, id);
    if (!view) throw new Problem('not-found');
    return view.state === 'draft'
      ? { ...view, preview: await beyond(tx, 'preview', () => previewOfAmendment(tx, id, new Date(this.clock.now()))) }
      : view;
  }

  private async act(
    tx: Transaction,
    calendarId: string,
    kind: string,
    by: ActedBy,
    body: object,
    texts?: Record<string, string>,
  ): Promise<void> {
    const deps = { clock: this.clock, cipher: this.cipher };
    await appendNext(tx, deps, 'calendar', calendarId, { kind, by, body, ...(texts ? { texts } : {}) });
  }
}

const wrong = (errors: readonly FieldProblem[]): Problem => new Problem('invalid-input', { errors });

function mustBeADraft({ state }: Draft): void {
  if (state === 'approved') throw new Problem('already-approved-version');
  if (state === 'withdrawn') throw new Problem('draft-withdrawn');
}

function mayBeApproved(draft: Draft, { personId }: Actor): void {
  const { draftedBy, basedOn, inForce } = draft;
  mustBeADraft(draft);
  if (draftedBy === personId)
    throw new Problem('separation-of-duties', { detail: words('起草人不得批准。', 'Who drafted it may not approve it.') });
  if (basedOn !== inForce) throw new Problem('stale-version', { facts: { version: inForce } });
}

/** The calendar's row, locked: it is the lock of its stream. A province's is there from its first draft on. */
async function lockedCalendar(tx: Transaction, provinceId: string | undefined): Promise<string> {
  if (provinceId)
    await tx.query('insert into calendar (id, organisation_id) values ($1, $2) on conflict do nothing', [newId(), provinceId]);
  const [row] = await tx.query<{ id: string }[]>(
    'select id from calendar where case when $1::uuid is null then id = $2 else organisation_id = $1 end for update',
    [provinceId ?? null, NATIONAL_CALENDAR],
  );
  if (!row) throw new Error('the calendar is not there');
  return row.id;
}

async function lockedDraft(tx: Transaction, id: string): Promise<Draft> {
  const [row] = await tx.query<Draft[]>(
    `select v.year, v.version, v.state, v.based_on as "basedOn", v.drafted_by as "draftedBy", c.id as "calendarId",
      c.organisation_id as "provinceId",
       (select coalesce(max(o.version), 0) from calendar_version o where o.calendar_id = c.id and o.year = v.year
         and o.state = 'approved') as "inForce"
     from calendar c join calendar_version v on v.calendar_id = c.id where v.id = $1 for update of c`,
    [id],
  );
  if (!row) throw new Problem('not-found');
  // Read again under the lock: whoever held it may have approved this one or another.
  const [now] = await tx.query<Pick<Draft, 'state' | 'inForce'>[]>(
    `select ${STATE_OF('v')} as state, (select coalesce(max(o.version), 0) from calendar_version o where o.calendar_id = v.calendar_id
      and o.year = v.year and o.state = 'approved') as "inForce"
     from calendar_version v where id = $1`,
    [id],
  );
  return { ...row, ...now };
}

/**
 * The office in which the actor drafts or approves:
 * 1. The nation's calendar is for its supervisors and operators.
 * 2. A supervisor of the province drafts its overlay; another, or one of the nation, approves it.
 */
async function officeOver(tx: Transaction, actor: Actor, provinceId: string | null, what: 'draft' | 'approve'): Promise<ActedBy> {
  const [held] = await tx.query<Pick<ActedBy, 'office' | 'organisationId'>[]>(
    `select h.office, h."organisationId" from jsonb_to_recordset($1) as h (office text, "organisationId" uuid) join organisation o
      on o.id = h."organisationId"
     where h.office = 'authoritySupervisor' and o.id = $2 or $3 and o.level = 'national' and h.office in ('authoritySupervisor', 'operator')
     order by o.level = 'national', h.office limit 1`,
    [JSON.stringify(actor.offices), provinceId, provinceId === null || what === 'approve'],
  );
  if (!held) throw new Problem('not-your-office');
  return { personId: actor.personId, ...held };
}

async function mustBeATable(tx: Transaction, { year, days, validThrough, provinceId }: DraftAmendment): Promise<void> {
  const errors: FieldProblem[] = [];
  if (validThrough && !validThrough.startsWith(`${year}-`)) errors.push({ pointer: '/validThrough', detail: FIELD_FAULTS.inYear(year) });
  const seen = new Set<string>();
  for (const [n, { date, kind }] of days.entries()) {
    const pointer = `/days/${n}/date`;
    if (!date.startsWith(`${year}-`)) errors.push({ pointer, detail: FIELD_FAULTS.inYear(year) });
    if (seen.has(date)) errors.push({ pointer, detail: FIELD_FAULTS.twice });
    if (!provinceId && kind === 'makeupWorkday' && ![0, 6].includes(dayOfWeek(date)))
      errors.push({ pointer, detail: FIELD_FAULTS.notWeekend });
    if (kind === 'makeupWorkday' && statutoryName(date) !== undefined) errors.push({ pointer, detail: FIELD_FAULTS.statutoryDay });
    seen.add(date);
  }
  if (provinceId) {
    const [province] = await tx.query<unknown[]>(`select 1 from organisation where id = $1 and level = 'province'`, [provinceId]);
    if (!province) errors.push({ pointer: '/provinceId', detail: FIELD_FAULTS.notProvince });
  }
  if (errors.length > 0) throw wrong(errors);
}
