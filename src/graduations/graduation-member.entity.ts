import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { EarlyGround, LeavingOutcome } from '../domain/graduation/outcomes.js';
import type { PlainDate } from '../domain/working-days.js';

/**
 * How a student stands in a graduation.
 * - `listed`: named, and carried on with as far as the graduation itself is.
 * - `leftOut`: not submitted, because something stood in the way.
 * - `returned`: by a reviewer, while the others went on.
 * - `heldBack`: approved, and something stood in the way on the leaving day.
 * - `withdrawn`: taken out by the school before the leaving day, with a reason.
 * - `effected`: has left.
 * - `undone`: had left by mistake, and a reinstatement took it back (A19).
 */
export const MEMBER_STATES = ['listed', 'leftOut', 'returned', 'heldBack', 'withdrawn', 'effected', 'undone'] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

/** A student of a graduation; a row of its case. */
@Entity()
export class GraduationMember {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Graduation')
  @Column('uuid')
  graduationId: string;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  @ForeignKey('Enrolment')
  @Column('uuid')
  enrolmentId: string;

  @Column('text')
  outcome: LeavingOutcome;

  /** 离校日期; of a conversion the day on which the school agreed. */
  @Column('date')
  leavingOn: PlainDate;

  /** Why the student leaves before the class; null where it does not. */
  @Column('text', { nullable: true })
  early: EarlyGround | null;

  /** Of a conversion: when the assessment was passed. */
  @Column('date', { nullable: true })
  assessmentPassedOn: PlainDate | null;

  @Column('text')
  state: MemberState;

  /** Why the student was left out or held back: a code of the catalogue. */
  @Column('text', { nullable: true })
  cause: string | null;

  @Column('timestamptz', { nullable: true })
  effectedAt: Date | null;

  /** It was not completed on the leaving day; of a conversion, agreed to or entered after its period. */
  @Column('boolean')
  late: boolean;
}
