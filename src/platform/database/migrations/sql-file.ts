import { readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The text of a `.sql` file of this folder, named without its ending. */
export const sqlFile = (name: string): string => readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8');

/** A migration that runs `.sql` files one after the other. A released migration is never undone, only followed by the next one. */
export abstract class SqlMigration implements MigrationInterface {
  protected abstract readonly files: readonly string[];

  async up(db: QueryRunner): Promise<void> {
    for (const file of this.files) await db.query(sqlFile(file));
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations are not undone'));
  }
}
