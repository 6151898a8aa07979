import { Injectable } from '@nestjs/common';
import type { DocumentType } from '../domain/id-document.js';

/** What a population service says of a document and a name. `unavailable` is pending, never a finding. */
export type IdentityAnswer = 'confirmed' | 'documentNotFound' | 'documentNameDiffers' | 'notAsked' | 'unavailable';

/** The population service behind an interface; another implementation is bound in its place. */
export abstract class IdentityCheck {
  abstract ask(document: { type: DocumentType; number: string }, name: string): Promise<IdentityAnswer>;
}

/**
 * The service of the demonstration: it knows every resident identity number but those whose order is kept for centenarians, which no
 * student has: 999 does not exist, 998 belongs to somebody of another name. Other documents are attested by the authority's reviewer.
 */
@Injectable()
export class LocalIdentityCheck extends IdentityCheck {
  ask({ type, number }: { type: DocumentType; number: string }): Promise<IdentityAnswer> {
    if (type !== 'residentId') return Promise.resolve('notAsked');
    const order = number.slice(14, 17);
    return Promise.resolve(order === '999' ? 'documentNotFound' : order === '998' ? 'documentNameDiffers' : 'confirmed');
  }
}
