import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Evidence that a request, the attestation of a registration, or the photographs of an intake have brought into a dossier. */
@Entity()
export class DossierEvidence {
  @ForeignKey('Student')
  @PrimaryColumn('uuid')
  studentId: string;

  @ForeignKey('EvidenceFile')
  @PrimaryColumn('uuid')
  evidenceId: string;

  /** The request whose effect brought it, or the registration: whose identity was attested, or for which the photograph was handed in. */
  @Column('uuid')
  requestId: string;

  @Column('timestamptz')
  joinedAt: Date;
}
