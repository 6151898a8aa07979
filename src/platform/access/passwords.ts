import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import type { Words } from '../../domain/messages/words.js';
import { hash, verify } from '@node-rs/argon2';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';
import { CLOCK, type Clock } from '../clock.js';
import { FieldCipher } from '../database/field-cipher.js';
import { inScope, lookUp } from '../database/in-scope.js';
import { appendNext } from '../ledger/streams.js';
import type { Caller } from './caller.js';
import { commonPasswords } from './common-passwords.js';
import { attemptOf, beginAttempt, forgetFailures, nameHash } from './sign-in-failures.js';
import { weaknessOf } from './weak-password.js';

interface Account {
  username: string;
  displayName: string;
  passwordHash: string | null;
  issuedHash: string | null;
  organisations: string[];
}

/** With the names of the organisations where the person was entered or has an office, now or before. */
const ACCOUNT = `
  select p.username, p.display_name as "displayName", p.password_hash as "passwordHash", p.issued_hash as "issuedHash",
    array(select unnest(array[o.name, o.code]) from organisation o where o.id = p.entered_in
      or o.id in (select f.organisation_id from office f where f.person_id = p.id)) as organisations
  from person p where p.id = $1`;

/** People change their own passwords: on record in the person's `access` stream, and every other session of theirs ends. */
@Injectable()
export class Passwords {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws Problem wrong-password, too-many-requests; invalid-input when the new one is weak or was the person's before */
  async change(caller: Caller, { currentPassword, newPassword }: { currentPassword: string; newPassword: string }): Promise<void> {
    const [person] = await lookUp<Account>(this.db, caller, ACCOUNT, [caller.personId]);
    if (!person?.passwordHash) throw new Problem('wrong-password');
    const attempt = attemptOf(this.cipher, nameHash(this.cipher, person.username), { session: 'own' });
    await beginAttempt(this.db, attempt, this.clock.now());
    if (!(await verify(person.passwordHash, currentPassword))) throw new Problem('wrong-password');
    const weakness = weaknessOf(newPassword, { ...person, before: currentPassword }, await commonPasswords());
    if (weakness !== undefined) throw unfit(weakness);
    if (person.issuedHash && (await verify(person.issuedHash, newPassword))) throw unfit(FIELD_FAULTS.sameAsOneTime);
    await this.replace(caller, attempt, person.passwordHash, await hash(newPassword));
  }

  private replace(caller: Caller, attempt: Buffer, before: string, after: string): Promise<void> {
    const { personId, tokenHash } = caller;
    return inScope(this.db, caller, async (tx) => {
      const [same] = await tx.query<unknown[]>(
        'select 1 from person where id = $1 and password_hash = $2 and disabled_at is null for update',
        [personId, before],
      );
      if (!same) throw new Problem('wrong-password');
      await tx.query('update person set password_hash = $2, password_once_until = null where id = $1', [personId, after]);
      await tx.query('delete from session where person_id = $1 and token_hash <> $2', [personId, tokenHash]);
      await forgetFailures(tx, attempt);
      const deps = { clock: this.clock, cipher: this.cipher };
      await appendNext(tx, deps, 'access', personId, { kind: 'passwordChanged', body: { personId } });
    });
  }
}

const unfit = (detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer: '/newPassword', detail }] });
