/** An organisation as every answer shows it. */
export const ORGANISATION_VIEW = (o: string): string =>
  `jsonb_build_object('id', ${o}.id, 'code', ${o}.code, 'name', ${o}.name, 'type', ${o}.type, 'level', ${o}.level, 'parentId', ${o}.parent_id)`;

/** The short form beside a task or a request. */
export const ORGANISATION_NAME = (o: string): string => `jsonb_build_object('id', ${o}.id, 'code', ${o}.code, 'name', ${o}.name)`;
