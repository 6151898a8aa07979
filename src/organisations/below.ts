import { organisationsOf } from '../platform/access/caller.js';
import { REVIEWING, type Actor } from '../domain/offices.js';

/** The organisations in which the caller reviews or supervises. The caller sees what is overdue there and below (A4, Art 5). */
export const overseenBy = (actor: Actor): string[] => organisationsOf(actor, ...REVIEWING);

/** Those organisations and all below them, as a common table; `orgs` is a parameter of ids. */
export const BELOW = (orgs: string): string =>
  `below as materialized (select o.id, o.parent_id, o.level from organisation o where o.id = any(${orgs}::uuid[])
    or o.ancestors && ${orgs}::uuid[])`;
