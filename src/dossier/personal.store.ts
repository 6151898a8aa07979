import { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import { documentKey, maskName, yearOfBirth } from '../domain/dossier/id-document.js';
import { findingKeysOf } from './finding-keys.js';
import {
  EVER,
  factsOn,
  IDENTITY_FACTS,
  isIdentityFact,
  NUMBER_FACT,
  type FactInForce,
  type Identity,
  type Personal,
  type Statement,
} from '../domain/dossier/personal-facts.js';
import { insertRows, rowsJson } from '../platform/database/insert-rows.js';
import type { StudentFact } from './student-fact.entity.js';
import type { Authentication } from './student.entity.js';

interface SealedStudent {
  id: string;
  number_cipher: Buffer;
  document_type: string;
  document_cipher: Buffer;
  name_cipher: Buffer;
  sex: string;
  birth_date_cipher: Buffer;
}

const factPlace = (fact: string, studentId: string): string => `student_fact.${fact}:${studentId}`;

type PresentIdentity = Identity & { readonly studentNumber: string };

/** The identity as the student's row has it: what was recorded last. */
export const presentIdentity = async (tx: Transaction, cipher: FieldCipher, id: string): Promise<PresentIdentity | undefined> =>
  (await identitiesOf(tx, cipher, [id])).get(id);

async function identitiesOf(tx: Transaction, cipher: FieldCipher, ids: readonly string[]): Promise<Map<string, PresentIdentity>> {
  const rows = await tx.query<SealedStudent[]>(
    'select id, number_cipher, document_type, document_cipher, name_cipher, sex, birth_date_cipher from student where id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, unsealed(cipher, row)]));
}

const unsealed = (cipher: FieldCipher, { id, ...row }: SealedStudent): PresentIdentity => ({
  studentNumber: cipher.decrypt(row.number_cipher, `student.number:${id}`),
  name: cipher.decrypt(row.name_cipher, `student.name:${id}`),
  sex: row.sex,
  birthDate: cipher.decrypt(row.birth_date_cipher, `student.birthDate:${id}`),
  documentType: row.document_type,
  documentNumber: cipher.decrypt(row.document_cipher, `student.document:${id}`),
});

/** All that was ever stated of a student's facts, in the order of recording. */
export const statementsOf = async (tx: Transaction, cipher: FieldCipher, id: string): Promise<Statement[]> =>
  (await statementsOfAll(tx, cipher, [id])).map(({ studentId: _, ...statement }) => statement);

async function statementsOfAll(
  tx: Transaction,
  cipher: FieldCipher,
  ids: readonly string[],
): Promise<(Statement & { readonly studentId: string })[]> {
  const rows = await tx.query<(Omit<Statement, 'value' | 'recordedAt'> & { studentId: string; cipher: Buffer; at: Date })[]>(
    `select student_id as "studentId", fact, value_cipher as cipher, to_char(valid_from, 'YYYY-MM-DD') as "validFrom", recorded_at as at
     from student_fact where student_id = any($1::uuid[]) order by seq`,
    [ids],
  );
  return rows.map(({ studentId, fact, cipher: sealed, validFrom, at }) => ({
    studentId,
    fact,
    validFrom,
    recordedAt: at.getTime(),
    value: cipher.decrypt(sealed, factPlace(fact, studentId)),
  }));
}

/** The facts besides the identity, as recorded last; what was withdrawn is absent. */
export async function furtherFactsOf(tx: Transaction, cipher: FieldCipher, id: string): Promise<FactInForce[]> {
  const held = factsOn(await statementsOf(tx, cipher, id), FAR_DAY);
  return held.filter(({ fact }) => !isIdentityFact(fact) && fact !== NUMBER_FACT);
}
/** After every day of a fact. */
const FAR_DAY = '9999-12-31';

/** The present values of what a correction may change, as recorded last. */
export async function presentPersonal(tx: Transaction, cipher: FieldCipher, id: string): Promise<Personal> {
  const found = (await presentPersonalOf(tx, cipher, [id])).get(id);
  if (!found) throw new Error(`no student ${id}`);
  return found;
}

/** One document, one person: whether somebody else has the document that changes of a student propose. */
export async function anotherHas(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  held: Personal,
  changes: Personal,
): Promise<boolean> {
  if (changes.documentNumber === undefined) return false;
  const { documentType = '', documentNumber = '' } = { ...held, ...changes };
  const digest = documentIndex(cipher, { documentType, documentNumber }).toString('hex');
  const holders = await together(tx, 'documentHolders', digest, (digests) => documentHolders(tx, digests));
  return holders?.ids.some((id) => id !== studentId) ?? false;
}

/** Who has the documents of these digests (hex), by the digest. */
async function documentHolders(tx: Transaction, digests: readonly string[]): Promise<Map<string, { key: string; ids: string[] }>> {
  return byKey(
    await tx.query<{ key: string; ids: string[] }[]>(
      `select encode(document_index, 'hex') as key, array_agg(id) as ids from student
       where document_index in (select decode(unnest($1::text[]), 'hex')) group by document_index`,
      [digests],
    ),
  );
}

/** The same of many students. */
export async function presentPersonalOf(tx: Transaction, cipher: FieldCipher, ids: readonly string[]): Promise<Map<string, Personal>> {
  const [identities, statements] = await Promise.all([identitiesOf(tx, cipher, ids), statementsOfAll(tx, cipher, ids)]);
  const stated = new Map<string, Record<string, string>>();
  for (const { studentId, fact, value } of statements) stated.set(studentId, { ...stated.get(studentId), [fact]: value });
  return new Map([...identities].map(([id, { studentNumber: _number, ...person }]) => [id, { ...heldIn(stated.get(id)), ...person }]));
}

const heldIn = (stated: Readonly<Record<string, string>> = {}): Personal =>
  Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== UNSTATED));

/** No value: a fact that was stated wrongly and never before is withdrawn by it. */
export const UNSTATED = '';

/** What a correction replaced, fact by fact, with the first day of its values. */
export async function formerFacts(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  requestId: string,
): Promise<{ readonly fact: string; readonly value: string; readonly validFrom: string }[]> {
  const rows = await tx.query<{ fact: string; validFrom: string; former: Buffer | null }[]>(
    `select f.fact, to_char(f.valid_from, 'YYYY-MM-DD') as "validFrom", (select g.value_cipher from student_fact g
       where g.student_id = f.student_id and g.fact = f.fact and g.seq < f.seq order by g.seq desc limit 1) as former
     from student_fact f where f.student_id = $1 and f.request_id = $2 order by f.seq`,
    [studentId, requestId],
  );
  return rows.map(({ fact, validFrom, former }) => ({
    fact,
    validFrom,
    value: former ? cipher.decrypt(former, factPlace(fact, studentId)) : UNSTATED,
  }));
}

/** Whether a document is the student's own: see the comment on the column. */
export type DocumentOwnership = 'own' | 'contested' | 'shared';

/** The first day of values, and the request that they come from. */
export interface FactSource {
  readonly validFrom: string;
  readonly at: Date;
  readonly requestId?: string;
  /** Whether the document is the student's own from now on; by default as before. */
  readonly ownership?: DocumentOwnership;
  /** How the identity is authenticated from now on; by default as before. */
  readonly authentication?: Authentication;
}

/**
 * Records new values of facts. Before the first value of an identity fact, the former one is recorded as in force ever before. The caller
 * holds the student's row.
 */
export async function recordFacts(
  tx: Transaction,
  cipher: FieldCipher,
  id: string,
  values: Readonly<Record<string, string>>,
  stated: FactSource,
): Promise<void> {
  const before = await presentIdentity(tx, cipher, id);
  const known = new Set((await statementsOf(tx, cipher, id)).map(({ fact }) => fact));
  for (const [fact, value] of Object.entries(values)) {
    if (before && isIdentityFact(fact) && !known.has(fact))
      await insert(tx, cipher, id, fact, before[fact], { validFrom: EVER, at: new Date(0) });
    await insert(tx, cipher, id, fact, value, stated);
  }
  if (before && Object.keys(values).some(isIdentityFact)) await updateStudent(tx, cipher, id, { ...before, ...values }, stated);
}

/** The value as a day, of the one fact that rules compare with today and that says nothing of the person. */
const dayOf = (fact: string, value: string): string | null => (fact === 'documentValidThrough' ? value || null : null);

/** Rows of `student_fact` that a new dossier begins with. */
export const statedOf = (
  cipher: FieldCipher,
  studentId: string,
  values: Readonly<Record<string, string>>,
  { validFrom, at: recordedAt }: Pick<FactSource, 'validFrom' | 'at'>,
): Omit<StudentFact, 'seq' | 'requestId'>[] =>
  Object.entries(values).map(([fact, value]) => ({
    studentId,
    fact,
    valueCipher: cipher.encrypt(value, factPlace(fact, studentId)),
    validFrom,
    recordedAt,
    day: dayOf(fact, value),
  }));

/** Adds what a dossier lacks; what it says already changes by Art 16 only. The caller holds the student's row. */
export async function recordLacking(
  tx: Transaction,
  cipher: FieldCipher,
  id: string,
  values: Readonly<Record<string, string>>,
  stated: FactSource,
): Promise<void> {
  const known = new Set((await statementsOf(tx, cipher, id)).map(({ fact }) => fact));
  const wanting = Object.fromEntries(Object.entries(values).filter(([fact]) => !known.has(fact)));
  await insertRows(tx, 'student_fact', statedOf(cipher, id, wanting, stated));
}

/** Formal numbers replace the provisional ones, which stay on record (R-03). The caller holds the students' rows. */
export async function assignFormalNumbers(
  tx: Transaction,
  cipher: FieldCipher,
  formal: readonly { readonly id: string; readonly number: string }[],
  { validFrom, at, requestId = null }: Pick<FactSource, 'validFrom' | 'at'> & { readonly requestId?: string | null },
): Promise<void> {
  const ids = formal.map(({ id }) => id);
  const before = await identitiesOf(tx, cipher, ids);
  const ofProvisional = { validFrom: EVER, at: new Date(0) };
  const rows = formal.map(({ id, number }) => {
    const { name, studentNumber } = before.get(id) ?? {};
    if (name === undefined || studentNumber === undefined) throw new Error(`no student ${id}`);
    const [numberCipher, numberIndex] = sealedNumber(cipher, id, number);
    return {
      stated: [
        ...statedOf(cipher, id, { [NUMBER_FACT]: studentNumber }, ofProvisional).map((one) => ({ ...one, requestId: null })),
        ...statedOf(cipher, id, { [NUMBER_FACT]: number }, { validFrom, at }).map((one) => ({ ...one, requestId })),
      ],
      numbered: { id, numberCipher, numberIndex, findingKeys: findingKeysOf(cipher, { name, studentNumber: number }) },
    };
  });
  await insertRows(
    tx,
    'student_fact',
    rows.flatMap(({ stated }) => stated),
  );
  await tx.query(
    `update student s set number_cipher = n.number_cipher, number_index = n.number_index, finding_keys = n.finding_keys
     from jsonb_populate_recordset(null::student, $1::jsonb) n where s.id = n.id and s.id = any($2::uuid[])`,
    [rowsJson(rows.map(({ numbered }) => numbered)), ids],
  );
}

export const sealedNumber = (cipher: FieldCipher, id: string, number: string): [Buffer, Buffer] => [
  cipher.encrypt(number, `student.number:${id}`),
  cipher.index('studentNumber', number),
];

const insert = (tx: Transaction, cipher: FieldCipher, id: string, fact: string, value: string, { validFrom, at, requestId }: FactSource) =>
  tx.query(
    `insert into student_fact (student_id, fact, value_cipher, valid_from, recorded_at, request_id, day)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, fact, cipher.encrypt(value, factPlace(fact, id)), validFrom, at, requestId ?? null, dayOf(fact, value)],
  );

/** The student's row with its blind indices and the masked name; the number is not among what this statement sets. */
const updateStudent = (
  tx: Transaction,
  cipher: FieldCipher,
  id: string,
  { name, sex, birthDate, documentType, documentNumber, studentNumber }: PresentIdentity,
  { at, ownership, authentication }: FactSource,
) =>
  tx.query(
    `update student set name_cipher = $2, name_index = $3, masked_name = $4, sex = $5, birth_date_cipher = $6, document_type = $7,
       document_cipher = $8, document_index = $9, changed_at = $10, document_standing = coalesce($11, document_standing),
       finding_keys = $12, authentication = coalesce($13, authentication), birth_year = $14 where id = $1`,
    [
      id,
      cipher.encrypt(name, `student.name:${id}`),
      cipher.index('name', name),
      maskName(name),
      sex,
      cipher.encrypt(birthDate, `student.birthDate:${id}`),
      documentType,
      cipher.encrypt(documentNumber, `student.document:${id}`),
      documentIndex(cipher, { documentType, documentNumber }),
      at,
      ownership ?? null,
      findingKeysOf(cipher, { name, studentNumber }),
      authentication ?? null,
      yearOfBirth(birthDate),
    ],
  );

const documentIndex = (cipher: FieldCipher, { documentType, documentNumber }: Pick<Identity, 'documentType' | 'documentNumber'>) =>
  cipher.index('document', documentKey({ type: documentType, number: documentNumber }));

/** An identity as of a day: what the statements say, and the present one where there is none. */
export const identityWith = (present: Identity, held: readonly { readonly fact: string; readonly value: string }[]): Identity =>
  Object.fromEntries(
    IDENTITY_FACTS.map((fact) => [fact, held.find((one) => one.fact === fact)?.value ?? present[fact]]),
  ) as unknown as Identity;
