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

/** A school of this type as somebody studies there with a major; a school outside this system keeps its own list (A23). */
export async function studyPlaceOf(
  tx: Transaction,
  { schoolId, type, answersOutside }: { readonly schoolId: string; readonly type: string; readonly answersOutside?: boolean },
  majorCode: string | null,
): Promise<StudyPlace> {
  const track = trackOf(type);
  if (track === 'ordinary' || answersOutside || majorCode === null) return { track };
  return { track, offers: await offersOfMajor(tx, schoolId, majorCode) };
}

/** The school that stands in a school's place now, as somebody studies there with a major. */
export async function placeAt(tx: Transaction, schoolId: string, majorCode: string | null): Promise<StudyPlace> {
  const [school] = await tx.query<{ schoolId: string; type: string; answersOutside: boolean }[]>(
    'select id as "schoolId", type, answers_outside as "answersOutside" from organisation where id = $1',
    [(await withSuccessors(tx, schoolId)).at(-1) ?? schoolId],
  );
  if (!school) throw new Error(`no school ${schoolId}`);
  return studyPlaceOf(tx, school, majorCode);
}
