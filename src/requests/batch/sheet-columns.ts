import { APPLICANTS } from '../../domain/case/acts.js';
import type { Column } from '../../sheets/column.js';
import { columnsAt, type Fields } from '../../sheets/columns-of-schema.js';

/** The columns of a kind: whom, the kind's own details from their schema, and what every filing has. */
export function columnsOf(details: { readonly properties?: Fields }): Column[] {
  return [
    { path: 'studentNumber', zh: '学籍号', type: 'text' },
    ...columnsAt('details', details.properties),
    { path: 'reason', zh: '申请理由', type: 'text' },
    { path: 'application.by', zh: '申请人', type: 'text', choices: APPLICANTS },
    { path: 'application.on', zh: '申请日期', type: 'date' },
    { path: 'evidenceIds', zh: '证明材料', type: 'ids' },
    { path: 'externalId', zh: '外部编号', type: 'text' },
  ];
}
