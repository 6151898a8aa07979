import { ArrayMaxSize, ArrayNotEmpty, Equals, IsEmail, IsIn, IsOptional, Matches, MaxLength, ValidateIf } from 'class-validator';
import { OrNull } from '../platform/http/left-out.js';
import { IsFlag } from '../platform/http/flag.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { MAILS, NOTIFICATION_KINDS, type MailWish, type NotificationKind } from '../domain/messages/notifications.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class NotificationQuery extends PageQuery {
  /** `true`: only notifications not read yet. @example true */
  @IsOptional()
  @IsFlag()
  unread?: boolean;
}

/** The school's term that a notification is about, as it was then. */
export class TermOfNotification {
  school: OrganisationName;
  /** @example 2026-1 */
  term: string;
  /** Last day to register, as it stood. @example 2026-09-29 */
  dueDate: string;
  /** How many students were not registered. @example 76 */
  unregistered: number;
  /** How many registrations the authority took back; null in other notifications. @example 2 */
  retracted: number | null;
  /** Why it took them back. @example 该生开学前即已因病休学 */
  reason: string | null;
}

/** Why the request does not move, as it stood when the person was told. */
export class HoldOfNotification {
  /** As `hold.kind` of the request. @example effectParked */
  kind: string;
  /** @example student-not-at-source-school */
  cause: string;
  /** In words. @example 学生已不在申请所列的学校。 */
  message: string | null;
  /** Who can clear it, as `owner` of a blocker. @example filer */
  owner: string | null;
  /** Who can do what. @example 条件恢复后自动继续；发起单位可以撤回申请，运维人员可以重试或者终止办理。 */
  remedy: string | null;
}

export class NotificationView {
  /** @example "4712" */
  id: string;
  /** @example taskOpened */
  kind: string;
  /** @example 有新的待办任务 A task was opened at your office */
  title: string;
  /**
   * The request that it is about, or null when it is about an order, a student, a proxy, a term or an account.
   * @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a
   */
  requestId: string | null;
  /** The order 责令 that it is about. */
  orderId: string | null;
  /** The student whose suspension it is about. */
  studentId: string | null;
  /** The standing proxy 代理 that it is about, as `GET /me/proxies` has it. */
  proxyId: string | null;
  /** The person whose account or office it is about. */
  accountId: string | null;
  /** The graduation that is overdue. */
  graduationId: string | null;
  /** The intake whose registration ends soon. */
  intakeId: string | null;
  /** The admission list of which people have not reported; `GET /admission-lists/:id/people?state=missing` names them. */
  admissionListId: string | null;
  /** Of what is parked or paused: why, who can clear it, and how. */
  hold: HoldOfNotification | null;
  /** The registration of a term that it is about. */
  term: TermOfNotification | null;
  /** Number of the request or the order. @example 2026-0000118 */
  number: string | null;
  /** Kind of the request. @example transfer */
  requestKind: string | null;
  taskId: string | null;
  /** The office that was told, or null when it was the person. @example schoolReviewer */
  office: string | null;
  organisation: OrganisationName | null;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  at: string;
  read: boolean;
}

export class NotificationPage {
  /** Latest first. */
  items: NotificationView[];
  nextCursor: string | null;
  /** How many are not read yet, at most 1000. @example 3 */
  unread: number;
}

export class ReadNotifications {
  /** The notifications to mark. Leave it out with `all`. @example ["4712"] */
  @ValidateIf(({ all }: ReadNotifications) => all === undefined)
  @Matches(/^\d{1,18}$/, { each: true })
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  ids?: string[];

  /** `true`: all notifications that have come so far. */
  @IsOptional()
  @Equals(true)
  all?: boolean;
}

export class UnreadView {
  /** Not read yet, at most 1000. @example 0 */
  unread: number;
}

export class Preferences {
  /**
   * The kinds of notification that the caller wants, by default all. A new way to sign in is told anyway.
   * @example ["taskOpened", "taskAssigned", "urged"]
   */
  @IsIn(NOTIFICATION_KINDS, { each: true })
  @ArrayMaxSize(NOTIFICATION_KINDS.length)
  kinds: NotificationKind[];

  /** Mail at once (`now`), once a working day at 08:00 (`digest`), or none. @example digest */
  @IsIn(MAILS)
  mail: MailWish;

  /** The address for mail. Null removes it; without the field it stays. */
  @IsOptional()
  @OrNull()
  @IsEmail()
  @MaxLength(200)
  email?: string | null;
}

export class PreferencesView {
  /** @example ["taskOpened", "taskAssigned", "urged"] */
  kinds: string[];
  /** @example digest */
  mail: string;
  /** The caller's address for mail, or null. */
  email: string | null;
}
