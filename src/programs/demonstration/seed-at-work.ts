import { SCHOOLS } from '../../demo/schools.js';
import type { Clock } from '../../platform/clock.js';
import type { FieldCipher } from '../../platform/database/field-cipher.js';
import type { Transaction } from '../../platform/database/in-scope.js';
import { seedCases } from './cases.js';
import { seedIntake } from './intake.js';
import { seedLeavers } from './leavers.js';
import { keepPapers, papersOf } from './papers.js';
import { Stage } from './stage.js';
import { seedSupervision } from './supervision.js';

export interface AtWork {
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  /** Where evidence is stored. */
  readonly dataDir: string;
  /** The address that certificates name for their verification. */
  readonly publicUrl: string;
}

/** Working days ago on which the first files were uploaded, before the first case. */
const FIRST_UPLOAD = 150;

/**
 * Puts the demonstration to work, in the transaction that wrote its organisations, people and students. What they have done until now is
 * there by acts in the past, judged by the rules of their day. The reconciler starts the workflows of what is open.
 */
export async function seedAtWork(tx: Transaction, { clock, cipher, dataDir, publicUrl }: AtWork): Promise<void> {
  const stage = await Stage.set(tx, cipher, clock.now());
  const papers = SCHOOLS.flatMap(({ code }) => papersOf(code));
  await keepPapers(stage, dataDir, papers, stage.workingDaysAgo(FIRST_UPLOAD));
  const parts = [seedCases, seedIntake, seedSupervision, () => seedLeavers(stage, dataDir, publicUrl)];
  for (const part of parts) {
    await stage.part<unknown>(() => part(stage));
    stage.clock.set(stage.present);
  }
}
