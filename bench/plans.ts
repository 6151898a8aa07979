import pg from 'pg';

/**
 * How every subject's and watcher's statements are planned, as the product's are: once, and never to scan the whole of a table that has
 * grown since.
 */
export const PLANS = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off';

/**
 * A connection as the application's role, with its plans and under row-level security; it sees nothing before it is `inScopeOf` somebody.
 */
export async function asApplication(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: `-c role=xueji_app ${PLANS}` });
  await client.connect();
  return client;
}

/** From now on the connection sees what a person of these organisations sees; a process, when none is given, everything. */
export const inScopeOf = (client: pg.Client, organisations?: readonly string[]): Promise<unknown> =>
  client.query(
    `select set_config('xueji.organisations', $1, false), set_config('xueji.handled', $1, false), set_config('xueji.reach', $2, false)`,
    [`{${(organisations ?? []).join(',')}}`, organisations ? '' : 'process'],
  );

/**
 * Runs a statement by a generic plan, as the product's prepared statements are; its EXPLAIN (ANALYZE, BUFFERS) without what an answer would
 * hold.
 */
export async function explainedGenerically(client: pg.Client, statement: string, values: readonly unknown[]): Promise<string> {
  const literal = (value: unknown): string =>
    value === null
      ? 'null'
      : pg.escapeLiteral(value instanceof Date ? value.toISOString() : Array.isArray(value) ? `{${value.join(',')}}` : String(value));
  await client.query(`prepare explained as ${statement}`);
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, buffers) execute explained (${values.map(literal).join(', ')})`,
  );
  await client.query('deallocate explained');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
