import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the feed has been turned into notifications; one row. */
@Entity()
export class NotificationCursor {
  @PrimaryColumn('boolean')
  one: boolean;

  /** The last event. */
  @Column('bigint')
  toldTo: string;
}
