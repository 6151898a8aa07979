import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many numbers of a series of certificates were given. Whoever takes the next one locks the row until the certificate is written. */
@Entity()
export class CertificateNumber {
  /** Kind, division and year, as the rule of numbers has it. */
  @PrimaryColumn('text')
  series: string;

  @Column('int')
  last: number;
}
