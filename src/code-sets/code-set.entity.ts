import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A code set that is kept by versions: a catalogue of majors 专业目录. Its row is the lock of its stream. */
@Entity()
export class CodeSet {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;
}
