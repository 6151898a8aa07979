import { CERTIFICATES, type CertificateKind } from '../domain/dossier/certificate.js';
import type { MessageCode } from '../domain/messages/messages.js';
import type { JobFault, JobKind, RunningJob } from '../jobs/job-kind.js';
import type { DataSource } from 'typeorm';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { issueCertificate } from './issuing.js';
import type { CertificateDeps } from './preparing.js';
import { PRINTED, printedOf, type PrintDeps, type PrintedRow } from './printed.js';

/** A grade or class of a school, and the kind of its certificates. */
export interface OfClass {
  readonly schoolId: string;
  readonly certificate: CertificateKind;
  readonly grade: string;
  readonly className: string | null;
}

/** Students of one page: each is a few statements. */
const STUDENTS = 25;
/** Certificates of one page of an archive: printed two at a time, some seconds in all. */
const PRINTS = 20;

const valuesOf = ({ schoolId, grade, className, certificate }: OfClass) => [
  schoolId,
  grade,
  className,
  CERTIFICATES[certificate].of,
  certificate,
];

/** Who of a grade or class is in the state ($4) that gives a right to a certificate of the kind ($5), and has none. */
export const WITHOUT = `
  from enrolment e
  where e.school_id = $1 and e.grade = $2 and ($3::text is null or e.class_name = $3) and e.state = $4
    and not exists (select 1 from certificate c where c.enrolment_id = e.id and c.kind = $5 and c.state not in ('void', 'revoked'))`;

const HOW_MANY = `select count(*)::int as n ${WITHOUT}`;
const NEXT = `select e.student_id as id ${WITHOUT} and ($6::uuid is null or e.student_id > $6) order by e.student_id limit $7`;

interface IssuingPlace {
  readonly after: string;
  readonly total: number;
  readonly issued: number;
  readonly refused: number;
}

/** 整班颁发: each student gets a certificate, or is named with everything that stands against it. */
export const issuingOfClass = (deps: CertificateDeps): JobKind =>
  ({
    name: 'certificateIssuing',
    page: async (tx, job) => {
      const { params, cursor, startedBy } = job;
      const actor = { personId: startedBy, offices: [{ office: 'schoolClerk' as const, organisationId: params.schoolId }] };
      const total = cursor?.total ?? (await tx.query<[{ n: number }]>(HOW_MANY, valuesOf(params)))[0].n;
      const students = await tx.query<{ id: string }[]>(NEXT, [...valuesOf(params), cursor?.after ?? null, STUDENTS]);
      const faults: JobFault[] = [];
      let issued = cursor?.issued ?? 0;
      let refused = cursor?.refused ?? 0;
      for (const { id } of students) {
        const against = await refusalsOf(() => issueCertificate(tx, deps, actor, { kind: params.certificate, studentId: id }));
        faults.push(...against.map((code) => ({ pointer: `/students/${id}`, code })));
        if (against.length === 0) issued += 1;
        else refused += 1;
      }
      const last = students.at(-1);
      if (!last || students.length < STUDENTS) return { faults, result: { issued, refused } };
      return { faults, progress: Math.min(1, (issued + refused) / total), next: { after: last.id, total, issued, refused } };
    },
  }) satisfies JobKind<OfClass, IssuingPlace> as JobKind;

/** The codes of what refused; empty where it was done. A certificate is refused before anything of it is written. */
async function refusalsOf(work: () => Promise<unknown>): Promise<MessageCode[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.more.blockers?.map(({ code }) => code) ?? [error.code];
  }
}

/** Certificates in force of a grade or class; those that were issued on paper before this system are not printed. */
export const IN_ARCHIVE = `
  join enrolment n on n.id = c.enrolment_id
  where n.school_id = $1 and c.kind = $2 and c.state = 'issued' and c.import_id is null and n.grade = $3
    and ($4::text is null or n.class_name = $4)`;

const ARCHIVED = `${PRINTED} ${IN_ARCHIVE} and ($5::text is null or c.number > $5) order by c.number limit $6`;

interface ArchivePlace {
  readonly after: string;
  readonly printed: number;
}

type Archiving = RunningJob<OfClass & { readonly total: number }, ArchivePlace>;

export interface ArchiveDeps extends PrintDeps {
  readonly db: DataSource;
}

/** 整班下载: the certificates of a grade or class as one archive of PDF files. They are printed outside of any transaction. */
export const archiveOfClass = ({ db, ...print }: ArchiveDeps): JobKind =>
  ({
    name: 'certificateArchive',
    file: { name: 'certificates.zip', type: 'application/zip' },
    prepare: async ({ params: { schoolId, certificate, grade, className }, cursor }) => {
      const values = [schoolId, certificate, grade, className, cursor?.after ?? null, PRINTS];
      const rows = await inScope(db, 'process', (tx) => tx.query<PrintedRow[]>(ARCHIVED, values));
      const contents = await Promise.all(rows.map((row) => printedOf(print, row)));
      return rows.map(({ number }, nth) => ({ number, content: contents[nth] ?? Buffer.alloc(0) }));
    },
    page: (_: Transaction, { params: { total }, cursor }: Archiving, prepared: Printed[]) => {
      const parts = prepared.map(({ number, content }) => ({ name: `${number}.pdf`, content }));
      const printed = (cursor?.printed ?? 0) + parts.length;
      const after = prepared.at(-1)?.number;
      if (after === undefined || prepared.length < PRINTS) return Promise.resolve({ parts, result: { printed } });
      return Promise.resolve({ parts, progress: Math.min(1, printed / total), next: { after, printed } });
    },
  }) satisfies JobKind<Archiving['params'], ArchivePlace, Printed[]> as JobKind;

interface Printed {
  readonly number: string;
  readonly content: Buffer;
}
