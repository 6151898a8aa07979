import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { lookUp, type Transaction } from '../platform/database/in-scope.js';
import type { NoteAct } from '../domain/case/acts.js';
import { handlingAt, holds, type Actor, type OfficeAt } from '../domain/offices.js';
import type { MessageCode } from '../domain/messages/messages.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { CaseContext } from '../cases/case-context.js';
import { lockCase, record } from '../cases/cases.store.js';
import type {
  FilingNoticePage,
  FilingNoticeQuery,
  FilingNoticeView,
  FilingNoticeAnswer,
  FilingNoticeQuestion,
} from './filing-notices.dto.js';
import { FILING_NOTICE_ROW, filingNoticeView, type FilingNoticeRow } from './filing-notices.views.js';

/** One move on a filing notice. */
interface NoticeMove {
  readonly kind: Extract<NoteAct['kind'], `notice${string}`>;
  readonly offices: (notice: FilingNoticeRow) => readonly OfficeAt[];
  readonly refused: (notice: FilingNoticeRow) => MessageCode | undefined;
  /** The columns that then say so; $2 is the act's sequence, $3 the instant. */
  readonly sets: string;
  readonly texts?: Readonly<Record<string, string>>;
}

const ofProvince = ({ toProvince }: FilingNoticeRow): OfficeAt[] => [{ office: 'authorityReviewer', organisationId: toProvince.id }];
const ofSchool = ({ answerers }: FilingNoticeRow): OfficeAt[] =>
  answerers.flatMap((organisationId) =>
    (['schoolClerk', 'schoolReviewer', 'authoritySupervisor'] as const).map((office) => ({ office, organisationId })),
  );

/**
 * Notices of filing 备案 (Art 14, R-17): both schools of a cross-province transfer report it to both provinces when it has taken effect. A
 * province acknowledges and may ask; missing particulars are the school's to supply. It has no deadline and no veto: nothing waits (A3).
 */
@Injectable()
export class FilingNotices {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  async list(caller: Caller, { state, cursor, limit }: FilingNoticeQuery): Promise<FilingNoticePage> {
    const [at = null, id = null] = this.cursors.read('filing-notices', cursor) ?? [];
    const rows = await lookUp<FilingNoticeRow>(
      this.db,
      caller,
      `select * from (${FILING_NOTICE_ROW} where n.to_province_id = any($1) or n.from_school_id = any($1) or s.successor_id = any($1)
        or s.acting_id = any($1)) v
       where ($2::text is null or v.state = $2) and ($3::timestamptz is null or (v."recordedAt", v.id) < ($3, $4::uuid))
       order by v."recordedAt" desc, v.id desc limit $5`,
      [handlingAt(caller), state ?? null, at, id, limit + 1],
    );
    const page = this.cursors.page('filing-notices', rows, limit, (row) => [row.recordedAt.toISOString(), row.id]);
    return { ...page, items: page.items.map((row) => filingNoticeView(this.context.cipher, row)) };
  }

  receive(caller: Caller, keyed: KeyedRequest, id: string): Promise<FilingNoticeView> {
    return this.move(caller, keyed, id, {
      kind: 'noticeReceived',
      offices: ofProvince,
      refused: ({ receivedAt }) => (receivedAt ? 'notice-received' : undefined),
      sets: 'received_seq = $2, received_at = $3',
    });
  }

  query(caller: Caller, keyed: KeyedRequest, id: string, { question }: FilingNoticeQuestion): Promise<FilingNoticeView> {
    return this.move(caller, keyed, id, {
      kind: 'noticeQueried',
      offices: ofProvince,
      refused: ({ state }) => (state === 'queried' ? 'notice-queried' : undefined),
      sets: 'queried_seq = $2, queried_at = $3, answered_seq = null, answered_at = null',
      texts: { question },
    });
  }

  answer(caller: Caller, keyed: KeyedRequest, id: string, { answer }: FilingNoticeAnswer): Promise<FilingNoticeView> {
    return this.move(caller, keyed, id, {
      kind: 'noticeAnswered',
      offices: ofSchool,
      refused: ({ state }) => (state === 'queried' ? undefined : 'no-query-to-answer'),
      sets: 'answered_seq = $2, answered_at = $3',
      texts: { opinion: answer },
    });
  }

  /** A note on the transfer, which has closed: it moves nothing. */
  private async move(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    { kind, offices, refused, sets, texts }: NoticeMove,
  ): Promise<FilingNoticeView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { requestId } = await this.seen(tx, actor, id);
      const loaded = await lockCase(tx, requestId);
      if (!loaded) throw new Problem('not-found');
      const notice = await this.seen(tx, actor, id); // as it stands under the lock
      const fitting = offices(notice).filter(({ office, organisationId }) => holds(actor, office, organisationId));
      if (fitting.length === 0) throw new Problem('not-your-office');
      const against = refused(notice);
      if (against) throw new Problem(against);
      const about = { fromSchoolId: notice.fromSchool.id, provinceId: notice.toProvince.id };
      const { request } = await record(tx, this.context, loaded, { kind, ...about }, { by: actedBy(actor, ...fitting), texts });
      await tx.query(`update filing_notice set ${sets} where id = $1`, [id, request.lastSeq, new Date(this.context.clock.now())]);
      return filingNoticeView(this.context.cipher, await this.seen(tx, actor, id));
    });
    return answer;
  }

  private async seen(tx: Transaction, actor: Actor, id: string): Promise<FilingNoticeRow> {
    const [row] = await tx.query<FilingNoticeRow[]>(`${FILING_NOTICE_ROW} where n.id = $1`, [id]);
    const mine = handlingAt(actor);
    if (!row || ![row.toProvince.id, ...row.answerers].some((one) => mine.includes(one))) throw new Problem('not-found');
    return row;
  }
}
