import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import { HANDLING, WATCHING, type Office } from '../../domain/offices.js';
import type { ServiceArea } from '../../domain/service-account.js';

/** Who may call a route. Each route declares it; docs/access.md is made of the declarations. */
export type MayCall =
  | { readonly by: 'everybody' | 'signedIn' | 'anyOffice' | 'student' }
  /**
   * - `offices`: without one of them nobody passes the guard.
   * - `readers`: the same, and a proxy's office counts; which rows are read depends on the organisation too.
   * - `judged`: the service refuses, because the case or organisation counts too.
   */
  | { readonly by: 'offices' | 'readers' | 'judged'; readonly offices: readonly Office[] };

export const MAY_CALL = 'may-call';
const declared = (mayCall: MayCall): CustomDecorator => SetMetadata(MAY_CALL, mayCall);

/** A route that anyone may call. */
export const Public = (): CustomDecorator => declared({ by: 'everybody' });
/** The student or guardian, by a session that opens these routes alone; no office opens them. */
export const ForStudent = (): CustomDecorator => declared({ by: 'student' });
/** Everybody who is signed in gets the same answer, or one about themselves. */
export const SignedIn = (): CustomDecorator => declared({ by: 'signedIn' });
/** Everybody who is signed in; it shows and touches only what the organisations of the caller's offices may see. */
export const AnyOffice = (): CustomDecorator => declared({ by: 'anyOffice' });
/** Who holds one of these offices, anywhere. The guard refuses all others with `not-your-office` before anything is read. */
export const ForOffices = (...offices: Office[]): CustomDecorator => declared({ by: 'offices', offices });
/**
 * A read. Of `contents` for the offices that handle or supervise; of `cases`, how they stand, for operators too. The guard refuses all
 * others with `not-your-office`; the statements keep to the organisations of these offices.
 */
export const ReadersOf = (what: 'contents' | 'cases'): CustomDecorator =>
  declared({ by: 'readers', offices: what === 'contents' ? HANDLING : WATCHING });
/** Who holds one of these offices, or stands in for it, where the case or the organisation says: that the service judges. */
export const JudgedFor = (...offices: Office[]): CustomDecorator => declared({ by: 'judged', offices });

const FOR_SERVICES = 'for-service-accounts';
/**
 * A route that a service account 服务账号 may call whose areas have this one, where its offices allow it; `always`: every service account.
 * Without it reads are of the area `reading`, and what writes wants a person.
 */
export const ForServices = (area: ServiceArea | 'always'): MethodDecorator => SetMetadata(FOR_SERVICES, area);

/** The area of a route for service accounts; undefined where it wants a person. */
export function serviceAreaOf(handler: object, method: string): ServiceArea | 'always' | undefined {
  const declaredArea = Reflect.getMetadata(FOR_SERVICES, handler) as ServiceArea | 'always' | undefined;
  return declaredArea ?? (method === 'GET' ? 'reading' : undefined);
}
