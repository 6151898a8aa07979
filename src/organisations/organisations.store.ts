/** An organisation as every answer shows it. */
export const ORGANISATION_VIEW = (o: string): string =>
  `jsonb_build_object('id', ${o}.id, 'code', ${o}.code, 'name', ${o}.name, 'type', ${o}.type,
    'level', ${o}.level, 'parentId', ${o}.parent_id)`;

/** The short form beside a task or a request. */
export const ORGANISATION_NAME = (o: string): string => `jsonb_build_object('id', ${o}.id, 'code', ${o}.code, 'name', ${o}.name)`;

/** The person with an id (an expression without the alias `p`) as an answer shows one; null where there is none. */
export const PERSON_NAME = (id: string): string =>
  `(select jsonb_build_object('id', p.id, 'displayName', p.display_name) from person p where p.id = ${id})`;
