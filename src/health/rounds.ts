import type { DataSource } from 'typeorm';
import { inScope } from '../platform/database/in-scope.js';
import { lastRounds } from '../platform/periodic.js';

const NOTE = `
  insert into background_round (loop, ended_at, failed_at)
  select loop, to_timestamp(ended / 1000), to_timestamp(failed / 1000)
    from jsonb_to_recordset($1) r (loop text, ended float8, failed float8) order by loop
  on conflict (loop) do update set ended_at = greatest(background_round.ended_at, excluded.ended_at),
    failed_at = greatest(background_round.failed_at, excluded.failed_at)`;

/** Puts on record when the loops of this process last ended a round, for metrics that any API process serves. */
export async function noteRounds(db: DataSource): Promise<void> {
  const rounds = [...lastRounds()].map(([loop, { ended, failed }]) => ({ loop, ended, failed: failed ?? null }));
  if (rounds.length > 0) await inScope(db, 'system', (tx) => tx.query(NOTE, [JSON.stringify(rounds)]));
}
