import type { NamedClass } from '../domain/dossier/school-class.js';
import type { Study } from '../domain/dossier/study.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { withSuccessors } from '../organisations/succession.js';
import { byKey, together } from '../platform/database/together.js';

/** Which open class of a school has a name. */
export async function namedClassAt(tx: Transaction, schoolId: string, className: string | undefined): Promise<NamedClass | undefined> {
  if (className === undefined) return undefined;
  const found = await together(tx, 'classes', JSON.stringify([schoolId, className]), async (keys) =>
    byKey(
      await tx.query<(NamedClass & { key: string })[]>(
        `select k.key, jsonb_build_object('id', s.id, 'name', s.name) as school, s.answers_outside as outside,
           case when c.id is not null then jsonb_build_object('grade', c.grade, 'majorCode', c.major_code) end as open
         from unnest($1::text[]) k (key) join organisation s on s.id = (k.key::jsonb ->> 0)::uuid
           left join school_class c on c.school_id = s.id and c.name = k.key::jsonb ->> 1 and c.closed_on is null`,
        [keys],
      ),
    ),
  );
  if (!found) throw new Error(`no school ${schoolId}`);
  const { school, outside, open } = found;
  return { school, outside, ...(open ? { open } : {}) };
}

/** A class that was named, when, of which school, and where and how the student studies. */
export interface NamedBefore {
  readonly className: string;
  readonly namedOn: string;
  readonly namedAt: string;
  readonly schoolId: string;
  readonly study: Pick<Study, 'grade' | 'majorCode'>;
}

/**
 * The name today of a class that was named some days ago. It may have been renamed since, and merged into another, also by a merger of
 * schools. It is locked, so that nobody closes it meanwhile. Undefined where no open class of that grade and major is left.
 */
export async function classNow(
  tx: Transaction,
  { className, namedOn, namedAt, schoolId, study: { grade, majorCode } }: NamedBefore,
): Promise<string | undefined> {
  const [last] = await tx.query<{ id: string }[]>(
    `with recursive line (id, merged_into, nth) as (
       (select c.id, c.merged_into, 1 from school_class c
         where c.school_id = any($1::uuid[]) and (c.name = $2 or $2 = any(c.former_names))
           and (c.closed_on is null or c.closed_on >= $3::date)
         order by coalesce(c.closed_on > $3, true) desc, array_position($1, c.school_id), c.opened_on <= $3 desc,
           c.closed_on is null desc, c.name = $2 desc, c.closed_on desc, c.id limit 1)
       union all select n.id, n.merged_into, nth + 1 from line join school_class n on n.id = line.merged_into where nth < 20)
     select id from line order by nth desc limit 1`,
    [[...new Set([...(await withSuccessors(tx, namedAt)), schoolId])], className, namedOn],
  );
  if (!last) return undefined;
  const [found] = await tx.query<{ name: string }[]>(
    `select name from school_class where id = $1 and school_id = $2 and grade = $3 and major_code is not distinct from $4
       and closed_on is null for share`,
    [last.id, schoolId, grade, majorCode],
  );
  return found?.name;
}

/**
 * From when a class holds that somebody enters on a day: not before it was opened. Null where the day itself tells.
 * @param school, name, day as SQL
 */
export const CLASS_SINCE = (school: string, name: string, day: string): string => `
  (select c.opened_on from school_class c where c.school_id = ${school} and c.name = ${name} and c.closed_on is null
    and c.opened_on > ${day})`;

/** Names of open classes to choose from, of these schools, by grade and name. */
export async function openClassNames(tx: Transaction, schoolIds: readonly string[], most: number): Promise<string[]> {
  const rows = await tx.query<{ name: string }[]>(
    `select name from school_class where school_id = any($1::uuid[]) and closed_on is null order by grade desc, name limit $2`,
    [schoolIds, most],
  );
  return [...new Set(rows.map(({ name }) => name))];
}
