import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A day off by the standing decree 全国年节及纪念日放假办法, from 1900 to 2201. It comes with the installation; a notice stands above it. */
@Entity()
export class StatutoryDay {
  @PrimaryColumn('date')
  date: PlainDate;

  /** The festival. */
  @Column('text')
  name: string;
}
