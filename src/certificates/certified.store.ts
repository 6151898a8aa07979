import type { EnrolmentState } from '../domain/dossier/dossier.js';
import { CERTIFICATES, type CertificateKind } from '../domain/dossier/certificate.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { HEAD_ON } from '../platform/ledger/head-on.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';

interface Named {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** An enrolment as a certificate of a kind would have it. */
export interface CertifiedEnrolment {
  readonly enrolmentId: string;
  readonly studentId: string;
  readonly state: EnrolmentState;
  readonly majorCode: string | null;
  readonly majorDirection: string | null;
  readonly studyMode: string;
  readonly lengthYears: number;
  readonly enrolledOn: string;
  readonly leftOn: string | null;
  readonly expectedLeavingOn: string;
  /** The first day on which it stands so: of a graduate the day of graduation. */
  readonly since: string;
  readonly school: Named;
  readonly divisionCode: string;
  readonly provinceId: string | null;
  /** Head of the school on the day of the certificate. */
  readonly head: string | null;
  /** Who keeps the dossier now (Art 12, Art 21): the custodian of a closed school's leavers, else the competent authority. */
  readonly authority: (Named & { readonly divisionCode: string }) | null;
  /** One of the kind that is not void; null where there is none. */
  readonly issued: string | null;
}

/** The enrolment in the state ($3) that the kind ($2) certifies comes first, then the latest. `$4` is today. */
const CERTIFIED = `
  select e.id as "enrolmentId", e.student_id as "studentId", e.state, e.major_code as "majorCode", e.major_direction as "majorDirection",
    e.study_mode as "studyMode", e.length_years::float as "lengthYears", to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
    to_char(e.valid_to, 'YYYY-MM-DD') as "leftOn", to_char(e.expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn",
    to_char(e.since, 'YYYY-MM-DD') as since, ${ORGANISATION_NAME('o')} as school, o.division_code as "divisionCode",
    o.province_id as "provinceId",
    (select h.display_name from head h where h.id = ${HEAD_ON('o.id', `(case when $3 = 'active' then $4::date else e.since end)`)}) as head,
    (select jsonb_build_object('id', a.id, 'code', a.code, 'name', a.name, 'divisionCode', a.division_code) from organisation a
      where a.id = coalesce(e.custodian_id, o.acting_id, o.parent_id)) as authority,
    (select c.id from certificate c where c.enrolment_id = e.id and c.kind = $2 and c.state not in ('void', 'revoked') limit 1) as issued
  from enrolment e join organisation o on o.id = e.school_id
  where e.student_id = $1 and e.state not in ('pending', 'heldDuplicate')
  order by e.state = $3 desc, e.state in ('active', 'suspended') desc, e.valid_from desc, e.recorded_at desc limit 1`;

/** The enrolment of a student that a certificate of the kind is about, as far as the scope sees; undefined where there is none. */
export async function certifiedEnrolment(
  tx: Transaction,
  studentId: string,
  kind: CertificateKind,
  today: string,
): Promise<CertifiedEnrolment | undefined> {
  const [row] = await tx.query<CertifiedEnrolment[]>(CERTIFIED, [studentId, kind, CERTIFICATES[kind].of, today]);
  return row;
}
