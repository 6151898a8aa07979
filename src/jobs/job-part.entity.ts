import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A part of the file of a job, encrypted, in order. */
@Entity()
export class JobPart {
  @ForeignKey('Job', { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  jobId: string;

  /** From 1. */
  @PrimaryColumn('int')
  part: number;

  /** Its name inside an archive; null where the parts are one file after the other. */
  @Column('text', { nullable: true })
  name: string | null;

  /** Sealed for `job_part.cipher:<job>/<part>`. */
  @Column('bytea')
  cipher: Buffer;
}
