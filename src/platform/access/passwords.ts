import { hash, verify } from '@node-rs/argon2';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';
import { CLOCK, type Clock } from '../clock.js';
import { FieldCipher } from '../database/field-cipher.js';
import { inScope, lookUp } from '../database/in-scope.js';
import { append, tipOf } from '../ledger/streams.js';
import type { Caller } from './caller.js';
import { beginAttempt, forgetFailures, nameHash } from './sign-in-failures.js';

/** People change their own passwords: on record in the person's `access` stream, and every other session of theirs ends. */
@Injectable()
export class Passwords {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws Problem wrong-password, too-many-requests; invalid-input when the new one is the old one or the user name */
  async change(caller: Caller, { currentPassword, newPassword }: { currentPassword: string; newPassword: string }): Promise<void> {
    const [person] = await lookUp<{ username: string; passwordHash: string | null }>(
      this.db,
      caller,
      'select username, password_hash as "passwordHash" from person where id = $1',
      [caller.personId],
    );
    if (!person?.passwordHash) throw new Problem('wrong-password');
    const name = nameHash(this.cipher, person.username);
    await beginAttempt(this.db, name, this.clock.now());
    if (!(await verify(person.passwordHash, currentPassword))) throw new Problem('wrong-password');
    mustDiffer(newPassword, currentPassword, person.username);
    await this.replace(caller, name, person.passwordHash, await hash(newPassword));
  }

  private replace(caller: Caller, name: Buffer, before: string, after: string): Promise<void> {
    const { personId, tokenHash } = caller;
    return inScope(this.db, caller, async (tx) => {
      const [same] = await tx.query<unknown[]>(
        'select 1 from person where id = $1 and password_hash = $2 and disabled_at is null for update',
        [personId, before],
      );
      if (!same) throw new Problem('wrong-password');
      await tx.query('update person set password_hash = $2, password_once_until = null where id = $1', [personId, after]);
      await tx.query('delete from session where person_id = $1 and token_hash <> $2', [personId, tokenHash]);
      await forgetFailures(tx, name);
      const deps = { clock: this.clock, cipher: this.cipher };
      await append(tx, deps, 'access', personId, await tipOf(tx, personId), { kind: 'passwordChanged', body: { personId } });
    });
  }
}

function mustDiffer(password: string, before: string, username: string): void {
  if (password === before || password.toLowerCase() === username.toLowerCase())
    throw new Problem('invalid-input', { errors: [{ pointer: '/newPassword', detail: 'must differ from the old one and the user name' }] });
}
