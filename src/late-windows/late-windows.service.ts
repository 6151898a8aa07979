import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { memberOf, organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { CLOCK, isoIfAny, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import type { PageQuery } from '../platform/http/page.dto.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext, type NewAct } from '../platform/ledger/streams.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Actor } from '../domain/offices.js';
import { endOfIntake } from '../domain/terms/registration-period.js';
import { dateOf, monthsLater } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { LateWindow } from './late-window.entity.js';
import type { CloseLateWindow, LateWindowPage, LateWindowView, OpenLateWindow } from './late-windows.dto.js';

interface Row extends Omit<LateWindowView, 'openedAt' | 'closedAt' | 'open'> {
  openedAt: Date;
  closedAt: Date | null;
}

/** $1: the organisations of the caller. */
const WINDOWS = `
  select w.id, ${ORGANISATION_NAME('p')} as province, w.intake, to_char(w.opens_on, 'YYYY-MM-DD') as "from", to_char(w.closes_on,
    'YYYY-MM-DD') as "to", w.document, w.opened_at as "openedAt", w.closed_at as "closedAt"
  from late_window w join organisation p on p.id = w.province_id
  where w.province_id in (select unnest(o.id || o.ancestors) from organisation o where o.id = any($1::uuid[]))`;

/** How many months after the end of a registration a window may still be open: until the next of the same season ends. */
const LONGEST = 12;

/** Windows 补办期: without one, no registration is taken or completed after the cut-off of its intake (Art 6, R-06, A6). */
@Injectable()
export class LateWindows {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
    private readonly once: OnceOnly,
  ) {}

  /** @throws Problem not-your-office, late-window-open; invalid-input for days that open nothing */
  async open(caller: Caller, keyed: KeyedRequest, body: OpenLateWindow): Promise<LateWindowView> {
    const { intake, from, to, document } = body;
    this.checkDays(body);
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const provinceId = await provinceOf(tx, actor, body.provinceId);
      await tx.query('select 1 from organisation where id = $1 for update', [provinceId]);
      const [other]: unknown[] = await tx.query(
        `select 1 from late_window where province_id = $1 and intake = $2 and closed_at is null and opens_on <= $4::date
          and closes_on >= $3::date`,
        [provinceId, intake, from, to],
      );
      if (other) throw new Problem('late-window-open');
      const id = newId();
      await tx.of(LateWindow).insert({
        id,
        provinceId,
        intake,
        opensOn: from,
        closesOn: to,
        document,
        openedBy: actor.personId,
        openedAt: new Date(this.clock.now()),
      });
      await this.record(tx, actor, provinceId, { kind: 'lateWindowOpened', body: { lateWindowId: id, intake, from, to, document } });
      return this.one(tx, actor, id);
    });
    return answer;
  }

  async list(caller: Caller, { cursor, limit }: PageQuery): Promise<LateWindowPage> {
    const [before = null] = this.cursors.read('late-windows', cursor) ?? [];
    const rows = await inScope(this.db, caller, (tx) =>
      tx.query<Row[]>(`${WINDOWS} and ($2::uuid is null or w.id < $2) order by w.id desc limit $3`, [memberOf(caller), before, limit + 1]),
    );
    const page = this.cursors.page('late-windows', rows, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map((row) => this.view(row)) };
  }

  /** @throws Problem not-found, not-your-office, late-window-closed */
  async close(caller: Caller, keyed: KeyedRequest, id: string, { reason }: CloseLateWindow): Promise<LateWindowView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { province, to } = await this.one(tx, actor, id);
      const provinceId = await provinceOf(tx, actor, province.id);
      await tx.query('select 1 from organisation where id = $1 for update', [provinceId]);
      if ((await this.one(tx, actor, id)).closedAt !== null || to < this.today()) throw new Problem('late-window-closed');
      await tx.query('update late_window set closed_at = $2, closed_by = $3 where id = $1', [
        id,
        new Date(this.clock.now()),
        actor.personId,
      ]);
      await this.record(tx, actor, provinceId, { kind: 'lateWindowClosed', body: { lateWindowId: id }, texts: { reason } });
      return this.one(tx, actor, id);
    });
    return answer;
  }

  private today = (): string => dateOf(this.clock.now());

  private checkDays({ intake, from, to, document }: OpenLateWindow): void {
    const end = endOfIntake(intake);
    const wrong = [
      ...(from <= end ? ['/from'] : []),
      ...(to < from || to < this.today() || to > monthsLater(end, LONGEST) ? ['/to'] : []),
      ...(document.date > this.today() ? ['/document/date'] : []),
    ];
    if (wrong.length > 0)
      throw new Problem('invalid-input', { errors: wrong.map((pointer) => ({ pointer, detail: FIELD_FAULTS.datesDisagree })) });
  }

  private async one(tx: Transaction, actor: Actor, id: string): Promise<LateWindowView> {
    const [row] = await tx.query<Row[]>(`${WINDOWS} and w.id = $2`, [memberOf(actor), id]);
    if (!row) throw new Problem('not-found');
    return this.view(row);
  }

  private view({ openedAt, closedAt, ...row }: Row): LateWindowView {
    const today = this.today();
    const open = closedAt === null && row.from <= today && today <= row.to;
    return { ...row, openedAt: isoInShanghai(openedAt.getTime()), closedAt: isoIfAny(closedAt), open };
  }

  private async record(tx: Transaction, actor: Actor, provinceId: string, act: NewAct): Promise<void> {
    const by = actedBy(actor, { office: 'authoritySupervisor', organisationId: provinceId });
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', provinceId, { ...act, by });
  }
}

/** The province that the actor supervises: the one named, else the first. @throws Problem not-your-office */
async function provinceOf(tx: Transaction, actor: Actor, named?: string): Promise<string> {
  const [row] = await tx.query<{ id: string }[]>(
    `select id from organisation where level = 'province' and id = any($1::uuid[]) and ($2::uuid is null or id = $2) order by code limit 1`,
    [organisationsOf(actor, 'authoritySupervisor'), named ?? null],
  );
  if (!row) throw new Problem('not-your-office');
  return row.id;
}
