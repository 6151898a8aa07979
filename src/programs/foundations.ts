import type { DataSource } from 'typeorm';
import { seedCalendar } from '../calendar/seed-calendar.js';
import { seedCatalogues } from '../code-sets/seed-catalogues.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { seedPolicy } from '../organisations/seed-policy.js';

/** What every installation starts from: published calendars, catalogues of majors, the national policy. A second run changes nothing. */
export async function layFoundations(tx: Transaction): Promise<void> {
  await seedCalendar(tx);
  await seedCatalogues(tx);
  await seedPolicy(tx);
}

export const seedFoundations = (db: DataSource): Promise<void> => inScope(db, 'system', layFoundations);
