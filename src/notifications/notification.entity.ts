import { Column, Entity, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import type { Office } from '../domain/offices.js';

/** What a person was told. It is about exactly one of a request, an order, a student, a proxy, a term and an account. */
@Entity()
export class Notification {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  /** What happened. */
  @ForeignKey('Event')
  @Column('bigint')
  eventId: string;

  @Column('text')
  kind: string;

  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  requestId: string | null;

  /** The task, where there is one. */
  @Column('uuid', { nullable: true })
  taskId: string | null;

  /** In which the person is told. */
  @Column('text', { nullable: true })
  office: Office | null;

  /** In which the person holds that office. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  organisationId: string | null;

  @Column('timestamptz')
  at: Date;

  @Column('timestamptz', { nullable: true })
  readAt: Date | null;

  /** How it is to be mailed; null where the person wants none. */
  @Column('text', { nullable: true })
  mail: 'now' | 'digest' | null;

  /** The letter that it went into. */
  @Column('uuid', { nullable: true })
  mailId: string | null;

  @ForeignKey('SupervisionOrder')
  @Column('uuid', { nullable: true })
  orderId: string | null;

  @ForeignKey('Student')
  @Column('uuid', { nullable: true })
  studentId: string | null;

  @ForeignKey('Proxy')
  @Column('uuid', { nullable: true })
  proxyId: string | null;

  @ForeignKey('SchoolTerm')
  @Column('uuid', { nullable: true })
  termId: string | null;

  /** The person whose account or office it is about. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  accountId: string | null;

  /** The graduation that is overdue. */
  @ForeignKey('Graduation')
  @Column('uuid', { nullable: true })
  graduationId: string | null;

  /** The intake whose registration ends. */
  @ForeignKey('Intake')
  @Column('uuid', { nullable: true })
  intakeId: string | null;

  /** The admission list of which people are missing. */
  @ForeignKey('AdmissionList')
  @Column('uuid', { nullable: true })
  admissionListId: string | null;
}
