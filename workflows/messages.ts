import { defineSearchAttributeKey } from '@temporalio/common';
import { defineSignal } from '@temporalio/workflow';
import type { Route } from '../src/domain/procedure/procedure.js';

/** What a run starts with: ids, codes and office names, no personal data. */
export interface CaseInput {
  readonly requestId: string;
  readonly number: string;
  readonly route: Route;
  /** Code and name of the organisations on the route, for the operator's eye. */
  readonly organisations: Readonly<Record<string, { readonly code: string; readonly name: string }>>;
}

/** What the process of an order 责令 starts with: ids, codes and office names, no personal data. */
export interface OrderInput extends Pick<CaseInput, 'number' | 'organisations'> {
  readonly orderId: string;
  readonly authorityId: string;
  readonly schoolId: string;
  /** The kind of change request that is to be filed, or null. */
  readonly kind: string | null;
}

/** What the job of a merger or closure starts with. */
export interface OrganisationChangeInput {
  readonly changeId: string;
  readonly kind: 'merger' | 'closure';
  readonly school: { readonly code: string; readonly name: string };
  readonly intoSchool?: { readonly code: string; readonly name: string };
  /** 'YYYY-MM-DD' */
  readonly effectiveOn: string;
}

/** Says that the ledger has something new. The codes are for the operator's eye; the run believes only the ledger. */
export const wake = defineSignal<[{ kind: string; step?: string }]>('wake');

export const STAGE = defineSearchAttributeKey('Stage', 'KEYWORD_LIST');
export const HOLDER_ORG = defineSearchAttributeKey('HolderOrg', 'KEYWORD_LIST');
export const PROVINCE = defineSearchAttributeKey('Province', 'KEYWORD_LIST');
export const DUE_AT = defineSearchAttributeKey('DueAt', 'DATETIME');
export const OVERDUE = defineSearchAttributeKey('Overdue', 'BOOL');
