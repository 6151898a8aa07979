import { holdTold } from '../platform/http/hold-told.js';
import { told } from '../platform/http/language.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { Person } from '../platform/access/person.entity.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { NOTIFICATION_KINDS, NOTIFICATIONS, type NotificationKind } from '../domain/messages/notifications.js';
import { textPlace } from '../platform/ledger/streams.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { addressOf, addressPlace } from './address.js';
import { NotificationPreference } from './notification-preference.entity.js';
import type {
  NotificationPage,
  NotificationQuery,
  NotificationView,
  Preferences,
  PreferencesView,
  ReadNotifications,
  UnreadView,
} from './notifications.dto.js';

type Term = NonNullable<NotificationView['term']>;
interface Row extends Omit<NotificationView, 'title' | 'at' | 'kind' | 'term' | 'hold'> {
  readonly kind: NotificationKind;
  readonly at: Date;
  readonly term: (Omit<Term, 'reason'> & { readonly id: string; readonly seq: number }) | null;
  readonly reason: Buffer | null;
  readonly hold: { readonly kind: string; readonly cause: string } | null;
}

const LIST = `
  select n.id::text, n.kind, n.request_id as "requestId", n.order_id as "orderId", n.student_id as "studentId", n.proxy_id as "proxyId",
    n.account_id as "accountId", n.graduation_id as "graduationId", n.intake_id as "intakeId",
    n.admission_list_id as "admissionListId",
    coalesce(r.number, v.number) as number, r.kind as "requestKind", n.task_id as "taskId", n.office,
    case when o.id is null then null else ${ORGANISATION_NAME('o')} end as organisation, n.at, n.read_at is not null as read,
    (select jsonb_build_object('id', v.stream_id, 'seq', v.seq, 'school', ${ORGANISATION_NAME('s')}, 'term', a.body ->> 'term',
      'dueDate', a.body ->> 'dueDate', 'unregistered', a.body -> 'unregistered', 'retracted',
      case when a.kind = 'retracted' then jsonb_array_length(a.body -> 'enrolmentIds') end)
     from event v join act a on a.stream_id = v.stream_id and a.seq = v.seq join organisation s on s.id = (a.body ->> 'schoolId')::uuid
     where v.id = n.event_id and n.term_id is not null) as term,
    (select jsonb_build_object('kind', case a.kind when 'held' then 'paused' when 'parked' then (a.body ->> 'what') || 'Parked' end,
       'cause', a.body -> 'cause')
     from event v join act a on a.stream_id = v.stream_id and a.seq = v.seq
     where v.id = n.event_id and n.request_id is not null and a.kind in ('held', 'parked')) as hold,
    (select x.cipher from event v join act_text x on x.stream_id = v.stream_id and x.seq = v.seq
     where v.id = n.event_id and n.term_id is not null and x.field = 'reason') as reason
  from notification n left join change_request r on r.id = n.request_id left join supervision_order v on v.id = n.order_id left
    join organisation o on o.id = n.organisation_id
  where n.person_id = $1 and ($2::bigint is null or n.id < $2)`;
const UNREAD = 'select count(*)::int as unread from (select 1 from notification where person_id = $1 and read_at is null limit 1000) n';

/** The notifications of a person, seen by nobody else. */
@Injectable()
export class Notifications {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
  ) {}

  async list(caller: Caller, { unread: onlyUnread, cursor, limit }: NotificationQuery): Promise<NotificationPage> {
    const [before = null] = this.cursors.read('notifications', cursor) ?? [];
    const which = onlyUnread === undefined ? '' : onlyUnread ? 'and n.read_at is null' : 'and n.read_at is not null';
    const [rows, unread] = await inScope(this.db, caller, (tx) =>
      Promise.all([
        beyond(tx, 'ownRecord', () =>
          tx.query<Row[]>(`${LIST} ${which} order by n.id desc limit $3`, [caller.personId, before, limit + 1]),
        ),
        unreadOf(tx, caller),
      ]),
    );
    const { items, nextCursor } = this.cursors.page('notifications', rows, limit, ({ id }) => [id]);
    return {
      items: items.map(({ term, reason, hold, ...row }) => ({
        ...row,
        title: told(NOTIFICATIONS[row.kind]),
        at: isoInShanghai(row.at.getTime()),
        hold: hold && { ...hold, ...holdTold(hold) },
        term: term && this.termOf(term, reason),
      })),
      nextCursor,
      ...unread,
    };
  }

  /** The term, with the reason why its registrations were taken back, in the clear. */
  private termOf({ id, seq, ...term }: NonNullable<Row['term']>, reason: Buffer | null): Term {
    return { ...term, reason: reason && this.cipher.decrypt(reason, textPlace(id, seq, 'reason')) };
  }

  read(caller: Caller, { ids, all }: ReadNotifications): Promise<UnreadView> {
    return inScope(this.db, caller, async (tx) => {
      await tx.query(
        'update notification set read_at = $2 where person_id = $1 and read_at is null and ($3::bigint[] is null or id = any($3))',
        [caller.personId, new Date(this.clock.now()), all ? null : ids],
      );
      return unreadOf(tx, caller);
    });
  }

  preferences(caller: Caller): Promise<PreferencesView> {
    return inScope(this.db, caller, (tx) => this.preferred(tx, caller.personId));
  }

  /** The address is kept encrypted and shown to the person alone. */
  prefer(caller: Caller, { kinds, mail, email }: Preferences): Promise<PreferencesView> {
    const { personId } = caller;
    return inScope(this.db, caller, async (tx) => {
      const changedAt = new Date(this.clock.now());
      await tx.of(NotificationPreference).upsert({ personId, kinds: [...new Set(kinds)], mail, changedAt }, ['personId']);
      const emailCipher = email ? this.cipher.encrypt(email, addressPlace(personId)) : null;
      if (email !== undefined) await tx.of(Person).update({ id: personId }, { emailCipher });
      return this.preferred(tx, personId);
    });
  }

  private async preferred(tx: Transaction, personId: string): Promise<PreferencesView> {
    const [wanted, person] = await Promise.all([
      tx.of(NotificationPreference).findOneBy({ personId }),
      tx.of(Person).findOneOrFail({ select: { id: true, emailCipher: true }, where: { id: personId } }),
    ]);
    const email = addressOf(this.cipher, personId, person.emailCipher);
    return { kinds: wanted?.kinds ?? NOTIFICATION_KINDS, mail: wanted?.mail ?? 'none', email };
  }
}

/** How many the person has not read; 1000 stands for that many or more. */
export async function unreadOf(tx: Transaction, { personId }: Caller): Promise<UnreadView> {
  const [row] = await tx.query<[UnreadView]>(UNREAD, [personId]);
  return row;
}
