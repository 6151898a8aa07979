import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope } from '../platform/database/in-scope.js';
import { PhraseList } from './phrase-list.entity.js';
import type { Phrases } from './phrases.dto.js';

const place = (personId: string): string => `phrase_list.phrases:${personId}`;

@Injectable()
export class PhraseLists {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  show(caller: Caller): Promise<Phrases> {
    const { personId } = caller;
    return inScope(this.db, caller, async (tx) => {
      const list = await tx.of(PhraseList).findOneBy({ personId });
      return { phrases: list ? (JSON.parse(this.cipher.decrypt(list.phrasesCipher, place(personId))) as string[]) : [] };
    });
  }

  async keep(caller: Caller, { phrases }: Phrases): Promise<Phrases> {
    const { personId } = caller;
    const phrasesCipher = this.cipher.encrypt(JSON.stringify(phrases), place(personId));
    const changedAt = new Date(this.clock.now());
    await inScope(this.db, caller, (tx) => tx.of(PhraseList).upsert({ personId, phrasesCipher, changedAt }, ['personId']));
    return { phrases };
  }
}
