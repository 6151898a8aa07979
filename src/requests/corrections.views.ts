import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { confirmsIdentity, type Act } from '../domain/case/acts.js';
import type { StudyCorrectionDetails } from '../domain/case/details.js';
import { namedIn } from '../domain/dossier/study-data.js';
import { maskedFact, touchesIdentity, type CorrectedFact } from '../domain/dossier/personal-facts.js';
import { readStream } from '../platform/ledger/streams.js';
import { isoInShanghai } from '../platform/clock.js';
import { asAct } from '../cases/cases.store.js';
import { correctionIn } from '../dossier/correction-texts.js';
import type { CorrectedValueView, CorrectionMarks, CorrectionView, IdentityCheckView } from './request-views.dto.js';

/** The organisations that work on the case: the filing school and those with a step or task. Others may see that the case exists. */
const PARTY = `
  select 1 from change_request r where r.id = $1 and (r.filer_organisation_id = any($2)
    or exists (select 1 from jsonb_array_elements(r.route -> 'steps') s where (s ->> 'organisationId')::uuid = any($2))
    or exists (select 1 from task t where t.request_id = r.id and t.holder_id = any($2)))`;

/** Whether one of the organisations works or worked on the case. */
export const isPartyTo = async (tx: Transaction, id: string, organisations: readonly string[]): Promise<boolean> =>
  (await tx.query<unknown[]>(PARTY, [id, organisations])).length > 0;

/** Whoever filed the open request, or has a task of it, compares the proposed values with the proof and sees them whole. */
const AT_HAND = `
  select 1 from change_request r where r.id = $1 and r.state = 'open' and (r.filer_organisation_id = any($2)
    or exists (select 1 from task t where t.request_id = r.id and t.state = 'open' and t.holder_id = any($2)))`;

/** What reviewers must know of a correction, or of what a claim amends, besides the values; null for any other case. */
export function correctionMarks(acts: readonly Act[]): CorrectionMarks | null {
  const filed = acts[0];
  if (filed?.kind !== 'filed') return null;
  const fields = (filed.details.fields ?? []) as readonly string[];
  const amends = filed.route?.kind === 'registrationException' && fields.length > 0;
  if (filed.route?.kind === 'studyCorrection') return { late: false, identity: null };
  if (filed.route?.kind !== 'infoCorrection' && !amends) return null;
  return { late: filed.late === true, identity: touchesIdentity(fields) ? identityView(acts) : null };
}

function identityView(acts: readonly Act[]): IdentityCheckView {
  const last = acts.findLast((act): act is Extract<Act, { kind: 'identityChecked' }> => act.kind === 'identityChecked');
  if (!last) return { answer: 'pending', confirmed: false, attested: false, at: null };
  return { answer: last.answer, confirmed: confirmsIdentity(last), attested: last.attested, at: isoInShanghai(last.at) };
}

/** The correction of a request, with former and proposed values for the parties of the case. */
export async function correctionView(
  tx: Transaction,
  cipher: FieldCipher,
  id: string,
  organisations: readonly string[],
): Promise<CorrectionView | null> {
  const acts = (await readStream(tx, id)).map(asAct);
  const marks = correctionMarks(acts);
  if (!marks) return null;
  if (!(await isPartyTo(tx, id, organisations))) return { ...marks, values: null };
  const study = correctedStudyData(acts);
  if (study) return { ...marks, values: study };
  const [atHand]: unknown[] = await tx.query(AT_HAND, [id, organisations]);
  return { ...marks, values: await correctedValues(tx, cipher, id, atHand !== undefined) };
}

/** Of a correction of study data, which are no secret of the student: old beside new. */
export function correctedStudyData([filed]: readonly Act[]): CorrectedValueView[] | undefined {
  if (filed?.kind !== 'filed' || filed.route?.kind !== 'studyCorrection') return undefined;
  const { former = {}, ...corrected } = filed.details as StudyCorrectionDetails;
  const text = (value: string | number | null | undefined) => (value === undefined || value === null ? null : String(value));
  return namedIn(corrected).map((field) => ({ field, former: text(former[field]), proposed: text(corrected[field]) ?? '' }));
}

/** Old beside new: what is proposed whole or masked. */
export async function correctedValues(tx: Transaction, cipher: FieldCipher, id: string, whole: boolean): Promise<CorrectedValueView[]> {
  const { former, changes } = await correctionIn(tx, cipher, id);
  return (Object.keys(changes) as CorrectedFact[]).map((field) => ({
    field,
    former: masked(field, former[field]) ?? null,
    proposed: (whole ? changes[field] : masked(field, changes[field])) ?? '',
  }));
}

const masked = (field: CorrectedFact, value: string | undefined): string | undefined =>
  value === undefined ? undefined : maskedFact(field, value);
