import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Evidence that a request, or the attestation of a registration, has brought into a dossier. */
@Entity()
export class DossierEvidence {
  @ForeignKey('Student')
  @PrimaryColumn('uuid')
  studentId: string;

  @ForeignKey('EvidenceFile')
  @PrimaryColumn('uuid')
  evidenceId: string;

  /** The request whose effect brought it, or the registration whose identity was attested. */
  @Column('uuid')
  requestId: string;

  @Column('timestamptz')
  joinedAt: Date;
}
