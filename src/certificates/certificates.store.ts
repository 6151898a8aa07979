import type { CertificateKind, CertificateSays, CertificateState } from '../domain/dossier/certificate.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { appendNext, type LedgerDeps } from '../platform/ledger/streams.js';

export const saysPlace = (id: string): string => `certificate.says:${id}`;

/** What a certificate says, out of its row. */
export const saysOf = (cipher: FieldCipher, id: string, sealed: Buffer): CertificateSays =>
  JSON.parse(cipher.decrypt(sealed, saysPlace(id))) as CertificateSays;

/** Numbers that are looked up at a time once one was found taken. */
const TRIED = 200;

/**
 * Takes the next number of a series that no certificate has: those that others gave before this system are passed over. The row stays
 * locked until the transaction ends, so no number is given twice and none is lost.
 */
export async function nextNumber(tx: Transaction, series: string, numberOf: (sequence: number) => string): Promise<string> {
  let sequence = await nextInSeries(tx, series, 1);
  for (let many = 1; ; many = TRIED) {
    const tried = Array.from({ length: many }, (_, i) => numberOf(sequence + i));
    const taken = await tx.query<{ number: string }[]>('select number from certificate where number = any($1::text[])', [tried]);
    const known = new Set(taken.map(({ number }) => number));
    const free = tried.findIndex((number) => !known.has(number));
    if (free > 0) await nextInSeries(tx, series, free);
    const found = tried[free];
    if (found !== undefined) return found;
    sequence = await nextInSeries(tx, series, many);
  }
}

async function nextInSeries(tx: Transaction, series: string, by: number): Promise<number> {
  const [row] = await tx.query<{ last: number }[]>(
    `insert into certificate_number (series, last) values ($1, $2)
     on conflict (series) do update set last = certificate_number.last + $2 returning last`,
    [series, by],
  );
  if (!row) throw new Error('a series gives a number');
  return row.last;
}

/** A certificate as it is verified. */
export interface CertificateOfNumber {
  readonly certificateId: string;
  readonly studentId: string;
  readonly kind: CertificateKind;
  readonly state: CertificateState;
  readonly says: CertificateSays;
}

type SealedCertificate = Omit<CertificateOfNumber, 'says'> & { readonly says: Buffer };

const VERIFIED = `select id as "certificateId", student_id as "studentId", kind, state, says_cipher as says from certificate`;

const unsealed = (cipher: FieldCipher, row: SealedCertificate): CertificateOfNumber => ({
  ...row,
  says: saysOf(cipher, row.certificateId, row.says),
});

/** The certificate with a number, whatever became of it; undefined where none has it. Letters are upper case. */
export async function certificateByNumber(tx: Transaction, cipher: FieldCipher, number: string): Promise<CertificateOfNumber | undefined> {
  const [row] = await tx.query<SealedCertificate[]>(`${VERIFIED} where number = $1`, [number]);
  return row && unsealed(cipher, row);
}

/** Of a student's certificates of how a study ended that stand, the one that tells most: 毕业 before 结业. */
export async function certificateOf(tx: Transaction, cipher: FieldCipher, studentId: string): Promise<CertificateOfNumber | undefined> {
  const [row] = await tx.query<SealedCertificate[]>(
    `${VERIFIED} where student_id = $1 and state = 'issued' and kind in ('graduation', 'attestation', 'completion')
     order by kind = 'completion', issued_on desc, id desc limit 1`,
    [studentId],
  );
  return row && unsealed(cipher, row);
}

/**
 * 结业 → 毕业 (Art 20): the completion certificates of an enrolment are superseded, also those that were handed over. Returns their ids.
 * The caller holds the student's row, and makes the graduation in the same transaction.
 */
export async function supersedeCertificates(
  tx: Transaction,
  deps: LedgerDeps,
  enrolmentId: string,
  by: Signature | undefined,
): Promise<string[]> {
  const [rows] = await tx.query<[{ id: string; studentId: string }[], number]>(
    `update certificate set state = 'superseded', ended_at = $2 where enrolment_id = $1 and kind = 'completion' and state = 'issued'
     returning id, student_id as "studentId"`,
    [enrolmentId, new Date(deps.clock.now())],
  );
  for (const { id, studentId } of rows)
    await appendNext(tx, deps, 'student', studentId, { kind: 'certificateSuperseded', by, body: { certificateId: id, enrolmentId } });
  return rows.map(({ id }) => id);
}

/** Kinds that say how a study ended. */
const OF_THE_END = `('graduation', 'completion', 'attestation', 'partialStudy')`;

/** Whether a certificate of how an enrolment ended is with the student, and in force. */
export const certificateIsOut = async (tx: Transaction, enrolmentId: string): Promise<boolean> =>
  (
    await tx.query<unknown[]>(
      `select 1 from certificate where enrolment_id = $1 and state = 'issued' and handed_over_on is not null and kind in ${OF_THE_END}`,
      [enrolmentId],
    )
  ).length > 0;

/**
 * A graduation was undone (A19): the certificates of how the enrolment ended are void, or revoked where they were handed over. A
 * completion certificate that a conversion superseded is in force again, because the completion is. The caller holds the student's row.
 */
export async function endCertificates(tx: Transaction, deps: LedgerDeps, enrolmentId: string, requestId: string): Promise<void> {
  const now = new Date(deps.clock.now());
  const [ended] = await tx.query<[{ id: string; kind: CertificateKind; state: CertificateState; studentId: string }[], number]>(
    `update certificate set state = case when handed_over_on is null then 'void' else 'revoked' end, ended_at = $2
     where enrolment_id = $1 and state = 'issued' and kind in ${OF_THE_END} returning id, kind, state, student_id as "studentId"`,
    [enrolmentId, now],
  );
  const [again] = ended.some(({ kind }) => kind === 'completion')
    ? [[]]
    : await tx.query<[{ id: string; studentId: string }[], number]>(
        `update certificate set state = 'issued', ended_at = null where enrolment_id = $1 and state = 'superseded' and kind = 'completion'
         returning id, student_id as "studentId"`,
        [enrolmentId],
      );
  for (const { id, state, studentId } of ended)
    await appendNext(tx, deps, 'student', studentId, {
      kind: state === 'void' ? 'certificateVoided' : 'certificateRevoked',
      body: { certificateId: id, undoneBy: requestId },
    });
  for (const { id, studentId } of again)
    await appendNext(tx, deps, 'student', studentId, { kind: 'certificateRestored', body: { certificateId: id, undoneBy: requestId } });
}

/** The graduation certificate of an enrolment that this system issued and that is lost; its picture with it. */
export async function lostCertificate(
  tx: Transaction,
  cipher: FieldCipher,
  enrolmentId: string,
): Promise<{ readonly says: CertificateSays; readonly photographId: string | null; readonly handedOver: boolean } | undefined> {
  const [row] = await tx.query<{ id: string; says: Buffer; photographId: string | null; handedOver: boolean }[]>(
    `select id, says_cipher as says, photograph_id as "photographId", handed_over_on is not null as "handedOver" from certificate
     where enrolment_id = $1 and kind = 'graduation' and state = 'issued'`,
    [enrolmentId],
  );
  return row && { says: saysOf(cipher, row.id, row.says), photographId: row.photographId, handedOver: row.handedOver };
}
