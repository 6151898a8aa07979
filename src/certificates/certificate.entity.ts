import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { CertificateKind, CertificateState } from '../domain/dossier/certificate.js';
import type { PlainDate } from '../domain/working-days.js';

/** A certificate 学历证书, or a letter that attests a study (Art 19–21): what it says was frozen when it was issued. */
@Entity()
export class Certificate {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: CertificateKind;

  /** `void`: a misprint, voided before it was handed over. `superseded`: 结业证书 of who graduated after all. */
  @Column('text')
  state: CertificateState;

  /** 证书编号. It stands on the paper and is given to nobody a second time. */
  @Column('text')
  number: string;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  /** The enrolment that it certifies. Of each kind but `studying` there is one that is not void. */
  @ForeignKey('Enrolment')
  @Column('uuid')
  enrolmentId: string;

  /** The school that it names. */
  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** The school, or of `attestation` the authority. */
  @ForeignKey('Organisation')
  @Column('uuid')
  issuerId: string;

  /** The day on it; of a graduation 毕业日期. */
  @Column('date')
  issuedOn: PlainDate;

  /** What it says, as canonical JSON, encrypted. The pages are made of this alone. */
  @Column('bytea')
  saysCipher: Buffer;

  /** SHA-256 of that JSON, in hexadecimal. A random salt in it keeps the digest from being guessed. */
  @Column('text')
  saysSha256: string;

  /** The picture on it, which is never removed. */
  @ForeignKey('EvidenceFile')
  @Column('uuid', { nullable: true })
  photographId: string | null;

  @ForeignKey('Person')
  @Column('uuid')
  issuedBy: string;

  /** The office in which that person issued it. */
  @Column('text')
  office: string;

  @Column('timestamptz')
  issuedAt: Date;

  /** The day on which the school handed it over; from then on it is not voided. */
  @Column('date', { nullable: true })
  handedOverOn: PlainDate | null;

  /** When it was voided or superseded. */
  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;

  /** The import that brought it in: it was issued on paper before this system, which does not print it. */
  @ForeignKey('Import')
  @Column('uuid', { nullable: true })
  importId: string | null;
}
