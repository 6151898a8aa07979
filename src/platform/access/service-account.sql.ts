/** What the service account of a person's row (`id`, an expression) may do, as JSON; null of a natural person. */
export const SERVICE_OF = (id: string): string => `
  (select jsonb_build_object('issuedBy', sa.issued_by, 'areas', sa.areas, 'kinds', sa.kinds, 'organisationId', sa.organisation_id,
     'perMinute', sa.per_minute, 'expiresAt', sa.expires_at, 'keyPrefix', sa.key_prefix)
   from service_account sa where sa.person_id = ${id})`;

/** A natural person (alias `p`) whose account is open. Programs hold offices too, but nobody hands them a task or counts on them. */
export const IS_PERSON = (p: string): string =>
  `${p}.disabled_at is null and not exists (select 1 from service_account sa where sa.person_id = ${p}.id)`;
