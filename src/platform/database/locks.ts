/**
 * Every advisory lock of this database, and its key. Released keys stay, because an older process beside this one must meet the same lock.
 * Hashes are keys too (one registration of a person, one filing for a student at a time). They lie anywhere in 64 bits. If one meets a key
 * below by chance, two processes wait for one another once.
 */
export const LOCKS = {
  migration: 7_240_193,
  caseReconciler: 7_240_194,
  checkpoint: 7_240_195,
  demonstration: 7_240_196,
  deadlineMoves: 7_240_197,
  orderReconciler: 7_240_198,
  suspensionTerms: 7_240_201,
  staleCases: 7_240_222,
  mail: 7_240_223,
  openTaskCounts: 7_240_224,
  readModelCheck: 7_240_225,
  evidenceRemoval: 7_240_226,
  termCounts: 7_240_227,
} as const;

/** Seeds the hash of a person's idempotency key: one request with it at a time. */
export const IDEMPOTENCY_SEED = 7_240_230;

/** Seeds the hash of a student's id: one filing for a student at a time. */
export const FILING_SEED = 7_240_197;
