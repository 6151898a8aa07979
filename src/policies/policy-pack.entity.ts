import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The pack of a province, whose versions are rows of `policy`; its row is the lock of its stream. */
@Entity()
export class PolicyPack {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;
}
