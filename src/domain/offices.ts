import type { ServiceScope } from './service-account.js';

/** Offices a person may hold at an organisation, from–to. What a caller may see and do follows from the offices held now (R-30, A22). */
export const OFFICES = ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor', 'orgAdmin', 'operator'] as const;
export type Office = (typeof OFFICES)[number];

/** An office at an organisation. */
export interface OfficeAt {
  readonly office: Office;
  readonly organisationId: string;
  /** The organisation's head on that day (A18), which the acts done in this office carry. */
  readonly headId?: string | null;
}

/** An office of an absent person, in which another acts on tasks 代理. */
export interface ProxyOffice extends OfficeAt {
  /** The absent person, who holds the office at this moment. */
  readonly principalId: string;
  /** Kinds of request; all when left out. */
  readonly kinds?: readonly string[] | null;
}

/** Who acts: a natural person, or a program by its service account, in the offices held at this moment. */
export interface Actor {
  readonly personId: string;
  readonly offices: readonly OfficeAt[];
  /** Offices of others that count on their tasks alone: neither for filing nor for appointing, and never for supervising. */
  readonly proxies?: readonly ProxyOffice[];
  /** Of a program, which acts by a service account 服务账号. */
  readonly service?: ServiceScope;
}

/** Levels of the authority tree (Art 4, Art 5). A school's `parentId` is its competent authority, whatever that authority's level. */
export const LEVELS = ['national', 'province', 'city', 'county', 'school'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * Whether an office exists at a level: schools have clerks and reviewers, authorities reviewers and supervisors, the nation the operators.
 */
export function existsAt(office: Office, level: Level): boolean {
  if (office === 'orgAdmin') return true;
  if (office === 'operator') return level === 'national';
  return office.startsWith('school') === (level === 'school');
}

/** Whether an office begins only once a second administrator has confirmed its grant: all that review, supervise, administer or operate. */
const CONFIRMED_BY_A_SECOND: Readonly<Record<Office, boolean>> = {
  schoolClerk: false,
  schoolReviewer: true,
  authorityReviewer: true,
  authoritySupervisor: true,
  orgAdmin: true,
  operator: true,
};
export const needsConfirmation = (office: Office): boolean => CONFIRMED_BY_A_SECOND[office];

/** Offices that file: a school's clerk, and for a closed school the supervisor of the authority that acts for it (A25). */
export const FILERS_OFFICES = ['schoolClerk', 'authoritySupervisor'] as const satisfies readonly Office[];

/** School types within the scope of Art 2 (an extensible list), and ordinary middle schools, the other side of R-18. */
export const SCHOOL_TYPES = [
  'specialisedSecondary',
  'adultSpecialisedSecondary',
  'vocationalHigh',
  'skilledWorker',
  'ordinaryMiddle',
] as const;
export type SchoolType = (typeof SCHOOL_TYPES)[number];

/** Which track a school belongs to: transfers between tracks follow Art 14 paragraph 2. */
export const trackOf = (type: string): 'vocational' | 'ordinary' => (type === 'ordinaryMiddle' ? 'ordinary' : 'vocational');

/** Offices that review; those of reviewers can be held by proxy 代理. */
export const REVIEWING = ['schoolReviewer', 'authorityReviewer', 'authoritySupervisor'] as const satisfies readonly Office[];
export const BY_PROXY = ['schoolReviewer', 'authorityReviewer'] as const satisfies readonly Office[];

/** Offices that handle or supervise cases. They alone read dossiers, evidence and what requests say (Art 25). */
export const HANDLING = ['schoolClerk', ...REVIEWING] as const satisfies readonly Office[];
/** Offices that see which cases there are, who holds them and until when. Of these, operators read no contents. */
export const WATCHING = [...HANDLING, 'operator'] as const satisfies readonly Office[];

const organisationsIn = ({ offices, proxies = [] }: Actor, among: readonly Office[]): string[] => [
  ...new Set([...offices, ...proxies].flatMap(({ office, organisationId }) => (among.includes(office) ? [organisationId] : []))),
];
/** The offices of an actor in which contents are handled, as a record keeps them. */
export const handlingIn = ({ offices, proxies = [] }: Actor): Pick<OfficeAt, 'office' | 'organisationId'>[] => {
  const handled = [...offices, ...proxies].filter(({ office }) => HANDLING.some((one) => one === office));
  return handled.map(({ office, organisationId }) => ({ office, organisationId }));
};
/** The organisations in whose name the actor reads contents, by an office held or by proxy 代理. */
export const handlingAt = (actor: Actor): string[] => organisationsIn(actor, HANDLING);
/** The schools of which the actor is clerk or reviewer: their lists show names and student numbers whole. */
export const ownSchools = (actor: Actor): string[] => organisationsIn(actor, ['schoolClerk', 'schoolReviewer']);
/** The organisations whose cases the actor sees. */
export const watchingAt = (actor: Actor): string[] => organisationsIn(actor, WATCHING);

export const holds = (actor: Actor, office: Office, organisationId: string): boolean =>
  actor.offices.some((held) => held.office === office && held.organisationId === organisationId);
