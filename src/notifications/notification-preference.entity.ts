import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { MailWish } from '../domain/messages/notifications.js';

/** What a person wants to be told, and how. */
@Entity()
export class NotificationPreference {
  @ForeignKey('Person')
  @PrimaryColumn('uuid')
  personId: string;

  /** Kinds of notification that are wanted. */
  @Column('text', { array: true })
  kinds: string[];

  @Column('text')
  mail: MailWish;

  @Column('timestamptz')
  changedAt: Date;
}
