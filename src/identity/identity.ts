import type { DocumentType } from '../domain/dossier/id-document.js';

/** The question to a population service: whether this document exists, and whether it is in this name. */
export interface IdentityQuestion {
  readonly documentType: DocumentType;
  readonly documentNumber: string;
  readonly name: string;
}

/** `unavailable`: nobody could say now. Whoever asked keeps the matter pending and asks again; it is never taken as a mismatch. */
export const IDENTITY_ANSWERS = ['matched', 'nameDiffers', 'unknownDocument', 'unavailable'] as const;
export type IdentityAnswer = (typeof IDENTITY_ANSWERS)[number];

/** Authenticates identity documents against a population service; either the local register or one over HTTP, see `identityFrom`. */
export interface IdentityAuthentication {
  check(question: IdentityQuestion): Promise<IdentityAnswer>;
}

export const IDENTITY = Symbol('identity authentication');
