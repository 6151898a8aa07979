import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

const { INDEXED_VALUE_TYPE_KEYWORD_LIST, INDEXED_VALUE_TYPE_DATETIME, INDEXED_VALUE_TYPE_BOOL } =
  proto.temporal.api.enums.v1.IndexedValueType;

/** The search attributes operators filter by. */
export const SEARCH_ATTRIBUTES = {
  Stage: INDEXED_VALUE_TYPE_KEYWORD_LIST,
  HolderOrg: INDEXED_VALUE_TYPE_KEYWORD_LIST,
  Province: INDEXED_VALUE_TYPE_KEYWORD_LIST,
  DueAt: INDEXED_VALUE_TYPE_DATETIME,
  Overdue: INDEXED_VALUE_TYPE_BOOL,
} as const;

/** Registers what is missing; a second call changes nothing. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in (customAttributes ?? {})));
  if (missing.length > 0)
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
}
