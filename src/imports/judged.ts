import type { ImportedEnrolment } from '../domain/dossier/imported.js';
import type { ImportKind } from '../domain/dossier/imported.js';
import type { MessageCode } from '../domain/messages/messages.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { FitRow } from './row-reading.js';

/** For whom rows are judged, and on which day. */
export interface Judging {
  readonly tx: Transaction;
  readonly cipher: FieldCipher;
  readonly authorityId: string;
  readonly today: string;
}

export interface SchoolKnown {
  readonly id: string;
  readonly code: string;
  readonly type: string;
}

/** Of a person's row: where it belongs, and which dossier it continues. */
export interface PersonKnown {
  readonly school: SchoolKnown;
  /** The dossier of the same person that goes on; undefined for a new one. */
  readonly continues?: string;
}

/** Of the rows that are about a student on record: which enrolment of it they belong to. */
export interface EnrolmentKnown {
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly schoolId: string;
}

export interface ChangeKnown extends EnrolmentKnown {
  readonly present: ImportedEnrolment;
}

/** What the register holds of what a row of each kind is about. */
export interface WhatIsKnown {
  students: PersonKnown;
  graduates: PersonKnown;
  changes: ChangeKnown;
  certificates: EnrolmentKnown;
}

/** A row that may be applied, or is held for a cause. */
export interface Applicable<K extends ImportKind = ImportKind> extends FitRow<K> {
  readonly known: WhatIsKnown[K];
  /** Why it is held, at which field; undefined where nothing holds it. */
  readonly held?: { readonly code: MessageCode; readonly pointer: string };
}
