import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person as the local population register of the demonstration knows it. */
@Entity()
export class PopulationRegister {
  /** Keyed digest of type and number of the document. */
  @PrimaryColumn('bytea')
  documentIndex: Buffer;

  /** Keyed digest of the name. */
  @Column('bytea')
  nameIndex: Buffer;
}
