import { majorsInForce } from '../code-sets/catalogues.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import type { Offer, StudyPlace } from '../domain/dossier/study.js';
import { trackOf } from '../domain/offices.js';
import { withSuccessors } from './succession.js';

/** How a major is offered at a school, to every intake. What is asked for at the same time is one statement. */
export async function offersOfMajor(tx: Transaction, schoolId: string, majorCode: string): Promise<readonly Offer[]> {
  const row = await together(tx, 'offers', `${schoolId} ${majorCode}`, async (keys) =>
    byKey(
      await tx.query<{ key: string; offers: Offer[] }[]>(
        `select k.key, coalesce(jsonb_agg(jsonb_build_object('intake', m.intake, 'majorCode', m.major_code, 'studyMode', m.study_mode,
            'lengthYears', m.length_years, 'entry', m.entry)) filter (where m.school_id is not null), '[]') as offers
         from unnest($1::text[]) k (key) left join school_major m on m.school_id = split_part(k.key, ' ', 1)::uuid
           and m.major_code = split_part(k.key, ' ', 2) group by k.key`,
        [keys],
      ),
    ),
  );
  return row?.offers ?? [];
}

/** The codes of the majors that schools, or what stands in their place now, offer to any intake, in their order. */
export async function majorsOfferedAt(tx: Transaction, schoolIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ code: string }[]>(
    `select distinct major_code as code from school_major where school_id in (
       select coalesce(o.successor_id, o.id) from organisation o where o.id = any($1::uuid[])) order by 1 limit 1000`,
    [schoolIds],
  );
  return rows.map(({ code }) => code);
}

/** A major that somebody studies or, `takenUp`, is to study: only then does the catalogue in force judge it. */
export interface AskedMajor {
  readonly code: string | null;
  readonly takenUp: boolean;
}

/** A school of this type as somebody studies there with a major; a school outside this system keeps its own list (A23). */
export async function studyPlaceOf(
  tx: Transaction,
  { schoolId, type, answersOutside }: { readonly schoolId: string; readonly type: string; readonly answersOutside?: boolean },
  { code, takenUp }: AskedMajor,
): Promise<StudyPlace> {
  const track = trackOf(type);
  if (track === 'ordinary' || answersOutside || code === null) return { track };
  const [offers, majors] = await Promise.all([offersOfMajor(tx, schoolId, code), takenUp ? majorsInForce(tx) : undefined]);
  return { track, offers, ...(majors ? { catalogue: majors.get(code) ?? 'none' } : {}) };
}

/** The school that stands in a school's place now, as somebody studies there with a major. */
export async function placeAt(tx: Transaction, schoolId: string, major: AskedMajor): Promise<StudyPlace> {
  const [school] = await tx.query<{ schoolId: string; type: string; answersOutside: boolean }[]>(
    'select id as "schoolId", type, answers_outside as "answersOutside" from organisation where id = $1',
    [(await withSuccessors(tx, schoolId)).at(-1) ?? schoolId],
  );
  if (!school) throw new Error(`no school ${schoolId}`);
  return studyPlaceOf(tx, school, major);
}
