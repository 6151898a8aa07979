import { ORGANISATION_NAME } from '../organisations/organisations.store.js';

const COLUMNS = `
  d.id, ${ORGANISATION_NAME('o')} as school, d.state, d.students, d.counts, d.signed_at as "signedAt", d.settled_at as "settledAt"`;

/** Vocational schools at and below organisations ($1), open on a day ($4), after a code ($5), with their statements of a term ($2, $3). */
export const STATEMENTS = `
  select ${COLUMNS} from organisation o left join data_statement d on d.school_id = o.id and d.year = $2 and d.nth = $3
  where o.level = 'school' and o.type <> 'ordinaryMiddle' and (o.id = any($1::uuid[]) or o.ancestors && $1::uuid[])
    and (o.closed_on is null or o.closed_on > $4::date) and o.code > $5 order by o.code limit $6::int`;

export const ONE_STATEMENT = `
  select ${COLUMNS}, d.year, d.nth, o.parent_id as "authorityId", d.signed_by as "signedBy"
  from data_statement d join organisation o on o.id = d.school_id where d.id = $1`;

/** One that was returned is signed anew; what is signed or confirmed stays, and nothing is answered. */
export const SIGN_STATEMENT = `
  insert into data_statement (id, school_id, year, nth, state, students, counts, signed_by, signed_at)
  values ($1, $2, $3, $4, 'signed', $5, $6::jsonb, $7, $8)
  on conflict (school_id, year, nth) do update set state = 'signed', students = excluded.students, counts = excluded.counts,
    signed_by = excluded.signed_by, signed_at = excluded.signed_at, settled_by = null, settled_at = null
  where data_statement.state = 'returned' returning id`;

export const SETTLE_STATEMENT = `update data_statement set state = $2, settled_by = $3, settled_at = $4 where id = $1`;
