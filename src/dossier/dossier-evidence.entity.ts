import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Evidence that a request has brought into a dossier. */
@Entity()
export class DossierEvidence {
  @ForeignKey('Student')
  @PrimaryColumn('uuid')
  studentId: string;

  @ForeignKey('EvidenceFile')
  @PrimaryColumn('uuid')
  evidenceId: string;

  /** The request whose effect brought it. */
  @Column('uuid')
  requestId: string;

  @Column('timestamptz')
  joinedAt: Date;
}
