import type { Transaction } from '../platform/database/in-scope.js';
import { NOTIFICATIONS, type NotificationKind } from '../domain/messages/notifications.js';

/** The most lines of a letter. Further ones are counted only. */
const LINES = 100;

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

/** The words of a letter: titles, request numbers and organisations; nothing of a person or a student. */
export async function letterOf(tx: Transaction, mailId: string): Promise<Letter> {
  const rows = await tx.query<{ kind: NotificationKind; number: string | null; organisation: string | null; all: number }[]>(
    `select n.kind, coalesce(r.number, v.number, y.year || '-' || y.nth) as number, o.name as organisation, count(*) over ()::int as all
      from notification n left join change_request r on r.id = n.request_id
       left join supervision_order v on v.id = n.order_id left join school_term y on y.id = n.term_id left join organisation o
         on o.id = n.organisation_id where n.mail_id = $1 order by n.id limit ${LINES}`,
    [mailId],
  );
  const all = rows[0]?.all ?? 0;
  const lines = rows.map(
    ({ kind, number, organisation }) => `${number ? `${number}  ` : ''}${NOTIFICATIONS[kind].zh}${organisation ? `  ${organisation}` : ''}`,
  );
  const more = all > rows.length ? [`另有 ${all - rows.length} 条`] : [];
  return {
    subject: `学籍异动：${all} 条通知`,
    text: [...lines, ...more, '', '请登录系统办理。', ''].join('\n'),
  };
}
