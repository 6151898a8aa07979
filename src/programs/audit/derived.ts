import type { DataSource } from 'typeorm';
import { inScope } from '../../platform/database/in-scope.js';
import type { DerivedRows } from '../../platform/ledger/chain.js';
import { ROWS_AT_ONCE, BEFORE_ALL_IDS, type Report } from './report.js';

interface Derived {
  /** Of a row `t`: its stream. */
  readonly stream: string;
  /** Of a row `t`: how its image is named; the table is read in this order. */
  readonly key: string;
  /** Type of the key. */
  readonly type: 'uuid' | 'text';
  /** Of a row `t`: whether it came with the installation, by no act. */
  readonly foundation: string;
}

const ROW: Derived = { stream: 't.id', key: 't.id', type: 'uuid', foundation: 'false' };
const AT_ORGANISATION: Derived = { ...ROW, stream: 't.organisation_id' };

/** What acts of other streams than a request's bring about, row by row. Each act keeps what it left; the last one must still stand. */
const DERIVED: Readonly<Record<string, Derived>> = {
  organisation: ROW,
  person: ROW,
  service_account: { ...ROW, stream: 't.person_id', key: 't.person_id' },
  office: AT_ORGANISATION,
  office_grant: AT_ORGANISATION,
  proxy: AT_ORGANISATION,
  head: AT_ORGANISATION,
  school_class: { ...ROW, stream: 't.school_id' },
  student: ROW,
  enrolment: { ...ROW, stream: 't.student_id' },
  certificate: { ...ROW, stream: 't.student_id' },
  calendar_version: { ...ROW, stream: 't.calendar_id', foundation: 't.drafted_by is null' },
  code_set_version: { ...ROW, stream: 't.code_set_id', foundation: 't.drafted_by is null' },
  policy: {
    stream: 'case when t.organisation_id is not null then t.id::uuid end',
    key: `(t.id || '/' || t.version)`,
    type: 'text',
    foundation: 't.organisation_id is null',
  },
};

const compared = (table: string, { stream, key, type, foundation }: Derived): string => `
  select q.key::text as key, i.seq, q.foundation or i.seq is not null as known,
    array(select was.key from jsonb_each(i.image) was
      where was.value is distinct from (select image_of(q.whole)) -> was.key order by 1) as differing
  from (select t as whole, ${key} as key, ${stream} as stream, ${foundation} as foundation from ${table} t
      where ${key} > $1::${type} order by ${key} limit $2) q
    left join lateral (
      select a.seq, image from act a cross join lateral jsonb_array_elements(a.derived -> '${table}') image
      where a.stream_id = q.stream and a.derived ? '${table}' and image ->> 'key' = q.key::text order by a.seq desc limit 1) i on true
  order by q.key`;

const gone = (table: string, { key, type }: Derived): string =>
  `select k as key from unnest($1::text[]) k except select ${key}::text from ${table} t where ${key} = any ($1::text[]::${type}[])`;

/** The comparison of each table. */
export const DERIVED_STATEMENTS: readonly string[] = Object.entries(DERIVED).map(([table, derived]) => compared(table, derived));

interface Compared {
  readonly key: string;
  readonly seq: number | null;
  readonly known: boolean;
  readonly differing: readonly string[];
}

/** Each statement reads rows and acts in one snapshot: no change can come between. */
export async function verifyDerived(db: DataSource, report: Report): Promise<void> {
  for (const [table, derived] of Object.entries(DERIVED)) {
    const sql = compared(table, derived);
    for (let after = derived.type === 'uuid' ? BEFORE_ALL_IDS : ''; ;) {
      const rows = await inScope(db, 'system', (tx) => tx.query<Compared[]>(sql, [after, ROWS_AT_ONCE]));
      for (const { key, seq, known, differing } of rows)
        if (!known) report(`${table} ${key}: no act made it`);
        else if (differing.length > 0) report(`${table} ${key}: ${differing.join(', ')} not as act ${seq} of its stream left it`);
      const end = rows.at(-1);
      if (!end || rows.length < ROWS_AT_ONCE) break;
      after = end.key;
    }
  }
}

interface Acted {
  readonly stream: string;
  readonly stream_id: string;
  readonly seq: number;
  readonly derived: DerivedRows | null;
}

/** What acts made is there: none of it is ever removed. */
export async function missingRows(db: DataSource, acts: readonly Acted[], report: Report): Promise<void> {
  const makers = new Map<string, Map<string, Acted>>();
  for (const act of acts)
    for (const [table, images] of Object.entries(act.derived ?? {}))
      for (const { key } of images) {
        const keys = makers.get(table) ?? new Map<string, Acted>();
        makers.set(table, keys.set(key, act));
      }
  for (const [table, keys] of makers) {
    const derived = DERIVED[table];
    if (!derived) continue; // a later version's table
    const missing = await inScope(db, 'system', (tx) => tx.query<{ key: string }[]>(gone(table, derived), [[...keys.keys()]]));
    for (const { key } of missing) {
      const { stream, stream_id, seq } = keys.get(key) ?? { stream: '', stream_id: '', seq: 0 };
      report(`${table} ${key}: it was removed; ${stream} ${stream_id} act ${seq} left it`);
    }
  }
}
