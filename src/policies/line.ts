import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import { settledBy, type Said } from '../domain/packs/lineage.js';
import { settingsBehind } from '../domain/preconditions/settings.js';
import type { Kind } from '../domain/procedure/procedure.js';
import type { Blocker, SettledBy } from '../domain/refusal.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { PolicyVersionName } from './policies.dto.js';

/** A version with the versions that it inherits from, down to the national default. */
export type Line = readonly [Version, ...Version[]];
export type Version = Said & Omit<SettledBy, 'setting'>;

const LINES = `
  with recursive line as (
    select asked.key, p.id, p.version, p.organisation_id, p.content, p.document, p.based_on, 1 as nth from unnest($1::text[]) as asked (key)
      join policy p on p.id = substr(asked.key, strpos(asked.key, ' ') + 1) and p.version = split_part(asked.key, ' ', 1)::int
    union all
    select l.key, p.id, p.version, p.organisation_id, p.content, p.document, p.based_on, l.nth + 1 from line l
      join policy p on p.id = l.based_on ->> 'id' and p.version = (l.based_on ->> 'version')::int)
  select l.key, jsonb_agg(jsonb_build_object('policy', jsonb_build_object('id', l.id, 'version', l.version), 'content', l.content,
      'document', l.document ->> 'number', 'organisation', case when o.id is null then null else ${ORGANISATION_NAME('o')} end)
      order by l.nth) as line
  from line l left join organisation o on o.id = l.organisation_id group by l.key`;

/** The line of a policy, newest first. @throws Error when the policy is not there */
export async function lineOf(tx: Transaction, { id, version }: PolicyVersionName): Promise<Line> {
  const found = await together(tx, 'line of a policy', `${version} ${id}`, async (keys) =>
    byKey(await tx.query<{ key: string; line: Line }[]>(LINES, [keys])),
  );
  if (found) return found.line;
  throw new Error(`policy ${id} version ${version} is not there`);
}

/** Who settled what stands at a pointer of the newest version. */
export function sourceIn(line: Line, setting: string): SettledBy {
  const { content: _, ...version } = settledBy(line, setting);
  return { setting, ...version };
}

/** The same reasons, each with whose rules refuse where a policy could have it otherwise. */
export const withSourcesIn = (line: Line, kind: Kind, blockers: readonly Blocker[]): Blocker[] =>
  blockers.map((one) => {
    const sources = settingsBehind(one.code, kind).map((setting) => sourceIn(line, setting));
    return sources.length > 0 ? { ...one, sources } : one;
  });

/** The same, of the policy that judged them; it is read only where one of them needs it. */
export async function withSources(
  tx: Transaction,
  { kind, policy }: { readonly kind: Kind; readonly policy: PolicyVersionName },
  blockers: readonly Blocker[],
): Promise<readonly Blocker[]> {
  if (!blockers.some(({ code }) => settingsBehind(code, kind).length > 0)) return blockers;
  return withSourcesIn(await lineOf(tx, policy), kind, blockers);
}
