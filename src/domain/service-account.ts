/**
 * What a vendor's program may touch by a service account 服务账号. A route that writes names its area; what names none wants a person.
 * Reading is an area too.
 */
export const SERVICE_AREAS = ['reading', 'evidence', 'filing', 'rosters', 'imports', 'exports', 'decisions'] as const;
export type ServiceArea = (typeof SERVICE_AREAS)[number];

/** Offices in which a service account stands: those that handle cases. Nobody lets a program appoint or operate. */
export const SERVICE_OFFICES = ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor'] as const;

/** What a service account may do beside its offices, and who answers for it. */
export interface ServiceScope {
  /** The administrator who issued the key that is in force, or bound the subject. */
  readonly issuedBy: string;
  readonly areas: readonly ServiceArea[];
  /** Kinds of request that it may file or move; all when left out. */
  readonly kinds?: readonly string[] | null;
}

/** Whether the actor may file or move requests of the kind. A person may, by the offices alone. */
export const mayTouch = (service: ServiceScope | undefined, kind: string): boolean => service?.kinds?.includes(kind) ?? true;
