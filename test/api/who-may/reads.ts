import { HANDLING, OFFICES, WATCHING, type Office } from '../../../src/domain/offices.js';
import type { DemoOrganisation } from '../../fixtures/demonstration.js';
import type { Person } from './cast.js';
import { isInProvince } from './standing-over.js';
import type { Stage } from './stage.js';

/** What the readings are about: a case between the stage's schools, with its student and file, and what the stage holds. */
export interface About {
  readonly stage: Stage;
  readonly requestId: string;
  readonly taskId: string;
  readonly studentId: string;
  readonly evidenceId: string;
  readonly registrationId: string;
  readonly admissionListId: string;
  readonly graduationId: string;
  readonly certificateId: string;
  readonly importId: string;
}

/** Who sees the one thing that a read asks for. All others are told that it is not there. */
export type Sees = (about: About, caller: Person) => boolean;

export interface ThingRead {
  readonly path: (about: About) => string;
  readonly sees: Sees;
  /** Who knows of the thing and is told that it is not theirs to read. */
  readonly knows?: Sees;
}

/** A list that shows the thing to whoever sees it, and to nobody else. */
export interface ListRead {
  readonly path: string;
  readonly id: (about: About) => string;
  readonly sees: Sees;
}

/** Whether the person holds one of the offices there. Reviewers' offices count for who stands in for them too. */
const within = ({ offices, standsInFor }: Person, asked: readonly Office[], places: readonly DemoOrganisation[], now: number): boolean =>
  [...offices, ...standsInFor.filter(({ from, until }) => from <= now && now < until)].some(
    ({ office, organisationId }) => asked.some((one) => one === office) && places.some(({ id }) => id === organisationId),
  );

type Place = (stage: Stage) => DemoOrganisation;
const source: Place = ({ places }) => places.source;
const neighbour: Place = ({ places }) => places.neighbour;
const destination: Place = ({ places }) => places.destination;
const closed: Place = (stage) => stage.closed;

/** One of these offices at one of these places, or at a superior of one. */
const atOrAbove =
  (asked: readonly Office[], ...places: readonly Place[]): Sees =>
  ({ stage }, caller) => {
    const all = places.flatMap((place) => [place(stage), ...stage.above(place(stage))]);
    return within(caller, asked, all, stage.system.time.now());
  };
/** One of these offices at the place, or at its nearest superior alone. */
const atOrNext =
  (asked: readonly Office[], place: Place): Sees =>
  ({ stage }, caller) =>
    within(
      { ...caller, standsInFor: [] },
      asked,
      [place(stage), stage.above(place(stage))[0] as DemoOrganisation],
      stage.system.time.now(),
    );
/** An office at the place itself, held or stood in for. */
const inOfficeAt =
  (place: Place, office: Office): Sees =>
  ({ stage }, caller) =>
    within(caller, [office], [place(stage)], stage.system.time.now());
/** A draft is the province's own until it is in force. */
const ofProvince: Sees = ({ stage }, { offices }) => offices.some(({ organisationId }) => organisationId === stage.province.id);

const inProvince: Sees = ({ stage }, caller) => isInProvince(stage, caller);

const case_ = atOrAbove(WATCHING, source, destination);
const contents = atOrAbove(HANDLING, source, destination);
const school = atOrAbove(HANDLING, source);
/** The authority of the school and those above it; the school itself has no part in an import. */
const authority = atOrAbove(HANDLING, ({ home }) => home);

/** Reads of one thing, by what OpenAPI calls them. */
export const THINGS: Readonly<Record<string, ThingRead>> = {
  'change-requests/{id}': { path: ({ requestId }) => `/change-requests/${requestId}`, sees: case_ },
  'tasks/{id}': { path: ({ taskId }) => `/tasks/${taskId}`, sees: case_ },
  'tasks/{id}/clock': { path: ({ taskId }) => `/tasks/${taskId}/clock`, sees: case_ },
  'tasks/{id}/subject': {
    path: ({ taskId }) => `/tasks/${taskId}/subject`,
    sees: (about, caller) =>
      inOfficeAt(source, 'schoolReviewer')(about, caller) || atOrNext(['authoritySupervisor'], source)(about, caller),
    knows: case_,
  },
  'evidence/{id}': { path: ({ evidenceId }) => `/evidence/${evidenceId}`, sees: contents },
  'evidence/{id}/metadata': { path: ({ evidenceId }) => `/evidence/${evidenceId}/metadata`, sees: contents },
  'evidence/{id}/content': { path: ({ evidenceId }) => `/evidence/${evidenceId}/content`, sees: contents },
  'students/{id}': { path: ({ studentId }) => `/students/${studentId}`, sees: school },
  'students/{id}/dossier': { path: ({ studentId }) => `/students/${studentId}/dossier`, sees: school },
  'students/{id}/access': {
    path: ({ studentId }) => `/students/${studentId}/access`,
    sees: atOrAbove(['authoritySupervisor', 'orgAdmin'], source),
    knows: atOrAbove(OFFICES, source),
  },
  'registrations/{id}': { path: ({ registrationId }) => `/registrations/${registrationId}`, sees: school },
  'intakes/{id}': { path: ({ stage }) => `/intakes/${stage.ids.intake}`, sees: school },
  'intakes/{id}/rows': { path: ({ stage }) => `/intakes/${stage.ids.intake}/rows`, sees: school },
  'admission-lists/{id}': { path: ({ admissionListId }) => `/admission-lists/${admissionListId}`, sees: school },
  'admission-lists/{id}/people': { path: ({ admissionListId }) => `/admission-lists/${admissionListId}/people`, sees: school },
  'imports/{id}': { path: ({ importId }) => `/imports/${importId}`, sees: authority },
  'imports/{id}/rows': { path: ({ importId }) => `/imports/${importId}/rows`, sees: authority },
  'graduations/{id}': { path: ({ graduationId }) => `/graduations/${graduationId}`, sees: school },
  'graduations/{id}/members': { path: ({ graduationId }) => `/graduations/${graduationId}/members`, sees: school },
  'certificates/{id}': { path: ({ certificateId }) => `/certificates/${certificateId}`, sees: school },
  'students/{id}/objections': { path: ({ studentId }) => `/students/${studentId}/objections`, sees: school },
  'schools/{id}/terms/{term}': { path: ({ stage }) => `/schools/${stage.places.source.id}/terms/current`, sees: school },
  'schools/{id}/classes': { path: ({ stage }) => `/schools/${stage.places.source.id}/classes`, sees: school },
  'schools/{id}/terms/{term}/unregistered': {
    path: ({ stage }) => `/schools/${stage.places.source.id}/terms/current/unregistered`,
    sees: school,
  },
  'orders/{id}': { path: ({ stage }) => `/orders/${stage.ids.toReply}`, sees: school },
  'irregularities/{id}': { path: ({ stage }) => `/irregularities/${stage.ids.irregularity}`, sees: school },
  'joint-programmes/{id}': {
    path: ({ stage }) => `/joint-programmes/${stage.ids.programme}`,
    sees: atOrAbove(OFFICES, source, neighbour),
  },
  'organisation-changes/{id}': { path: ({ stage }) => `/organisation-changes/${stage.ids.closure}`, sees: atOrAbove(OFFICES, closed) },
  'organisations/{id}/heads': { path: ({ stage }) => `/organisations/${stage.places.source.id}/heads`, sees: atOrAbove(OFFICES, source) },
  'organisations/{id}/offices': {
    path: ({ stage }) => `/organisations/${stage.places.source.id}/offices`,
    sees: atOrAbove(OFFICES, source),
  },
  'organisations/{id}/people': {
    path: ({ stage }) => `/organisations/${stage.places.source.id}/people`,
    sees: atOrAbove(['orgAdmin'], source),
  },
  'service-accounts/{id}': {
    path: ({ stage }) => `/service-accounts/${stage.ids.keyToRenew}`,
    sees: atOrNext(['orgAdmin'], source),
  },
  'policies/{id}/versions/{version}': { path: ({ stage }) => `/policies/${stage.ids.packToActivate}`, sees: ofProvince },
  'webhooks/{id}/deliveries': {
    path: ({ stage }) => `/webhooks/${stage.ids.hook}/deliveries`,
    sees: atOrNext(['orgAdmin'], source),
    knows: atOrNext(['orgAdmin'], source),
  },
};

/** Lists, by what OpenAPI calls them. */
export const LISTS: Readonly<Record<string, ListRead>> = {
  'change-requests': { path: '/change-requests?limit=200', id: ({ requestId }) => requestId, sees: case_ },
  registrations: { path: '/registrations?limit=200', id: ({ registrationId }) => registrationId, sees: school },
  intakes: { path: '/intakes?limit=200', id: ({ stage }) => stage.ids.intake ?? '', sees: school },
  'admission-lists': { path: '/admission-lists?limit=200', id: ({ admissionListId }) => admissionListId, sees: school },
  imports: { path: '/imports?limit=200', id: ({ importId }) => importId, sees: authority },
  graduations: { path: '/graduations?limit=200', id: ({ graduationId }) => graduationId, sees: school },
  certificates: { path: '/certificates?limit=200', id: ({ certificateId }) => certificateId, sees: school },
  orders: { path: '/orders?limit=200', id: ({ stage }) => stage.ids.toReply ?? '', sees: school },
  irregularities: { path: '/irregularities?limit=200', id: ({ stage }) => stage.ids.irregularity ?? '', sees: school },
  'joint-programmes': {
    path: '/joint-programmes?limit=200',
    id: ({ stage }) => stage.ids.programme ?? '',
    sees: atOrAbove(OFFICES, source, neighbour),
  },
  'service-accounts': {
    path: '/service-accounts?limit=200',
    id: ({ stage }) => stage.ids.keyToRenew ?? '',
    sees: atOrNext(['orgAdmin'], source),
  },
  'late-windows': { path: '/late-windows?limit=200', id: ({ stage }) => stage.ids.lateWindow ?? '', sees: inProvince },
  'organisation-changes': {
    path: '/organisation-changes?limit=200',
    id: ({ stage }) => stage.ids.closure ?? '',
    sees: atOrAbove(OFFICES, closed),
  },
};
