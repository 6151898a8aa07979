import { actorsOf } from '../organisations/actors.js';
import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { READABLE } from '../platform/database/migrations/scope.sql.js';
import { ACT_KINDS, organisationIn } from '../domain/case/act-kinds.js';
import type { Act, ActKind } from '../domain/case/acts.js';
import type { Hold } from '../domain/case/case.js';
import { handoverOf } from '../domain/case/handover.js';
import type { Route } from '../domain/procedure/procedure.js';
import { dateOf, monthsLater } from '../domain/working-days.js';
import { readStream, readTexts, type StoredAct } from '../platform/ledger/streams.js';
import { holdTold } from '../platform/http/hold-told.js';
import { ORGANISATION_NAME, PERSON_NAME } from '../organisations/organisations.store.js';
import { asAct } from '../cases/cases.store.js';
import { filesOf } from '../evidence/files.js';
import { PERSONAL_TEXTS } from '../dossier/correction-texts.js';
import { proofsOf, withItems } from './proofs.js';
import type { ApplicationInput } from './requests.dto.js';
import type {
  HandoverView,
  SealedReplyView,
  ChangeRequestDetail,
  ChangeRequestView,
  HoldView,
  CurrentTaskView,
  StepView,
  TimelineEntry,
} from './request-views.dto.js';

type Name = { id: string; code: string; name: string };

interface Row extends Omit<ChangeRequestView, 'filedAt' | 'closedAt' | 'currentTasks' | 'steps' | 'hold'> {
  hold: Hold | null;
  steps: (Omit<StepView, 'organisation' | 'capacity' | 'onBehalfOf'> & { organisationId: string; onBehalfOf?: string })[];
  names: Record<string, Name>;
  tasks: (Omit<CurrentTaskView, 'holder' | 'dueAt' | 'overdue' | 'capacity'> & { holderId: string; dueAt: string; capacities: string[] })[];
  filedAt: Date;
  closedAt: Date | null;
}

/** The name for whoever sees how a case stands, and not what it says. */
export const WITHHELD = '*';

/** One request with everything a list item shows, in one statement. */
export const REQUEST_ROW = `
  select r.id, r.number, r.kind, r.state, r.hold, r.steps, r.processing, r.version, r.student_id as "studentId",
    r.route ->> 'batch' as batch,
    case when ${READABLE('r')} then r.masked_name else '${WITHHELD}' end as "maskedName",
    r.filed_at as "filedAt", r.closed_at as "closedAt",
    case when ${READABLE('r')} then r.external_id end as "externalId",
    ${ORGANISATION_NAME('src')} as "sourceSchool", case when dst.id is null then null
      else ${ORGANISATION_NAME('dst')} end as "destinationSchool", ${ORGANISATION_NAME('fil')} as filer,
    (select jsonb_object_agg(o.id, ${ORGANISATION_NAME('o')}) from organisation o where o.id = any(r.seen_by)
       or o.id in (select holder_id from task where request_id = r.id)) as names,
    (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'step', t.step, 'visit', t.visit, 'capacities', t.capacities, 'holderId',
      t.holder_id,
       'dueDate', t.due_date, 'dueAt', t.due_at, 'provisional', t.provisional, 'version', t.version) order by t.id), '[]')
     from task t where t.request_id = r.id and t.state = 'open') as tasks
  from change_request r join organisation src on src.id = r.source_school_id left join organisation dst on dst.id = r.destination_school_id
    join organisation fil on fil.id = r.filer_organisation_id`;

/** A hold with the words for people: why, who can clear it, and how. */
export const holdView = (hold: Hold): HoldView => ({ ...hold, ...holdTold(hold), since: isoInShanghai(hold.since) });

export function requestView(row: Row, now: number): ChangeRequestView {
  const { names, tasks, steps, hold, filedAt, closedAt, ...plain } = row;
  const name = (id: string): Name => names[id] ?? { id, code: '', name: '' };
  return {
    ...plain,
    hold: hold && holdView(hold),
    steps: steps.map(({ organisationId, onBehalfOf, ...step }) => ({
      ...step,
      capacity: step.capacities[0] ?? step.id,
      organisation: name(organisationId),
      ...(onBehalfOf ? { onBehalfOf: name(onBehalfOf) } : {}),
    })),
    currentTasks: tasks.map(({ holderId, dueAt, capacities, ...task }) => {
      const due = Date.parse(dueAt);
      return { ...task, capacity: capacities[0] ?? task.step, holder: name(holderId), dueAt: isoInShanghai(due), overdue: now >= due };
    }),
    filedAt: isoInShanghai(filedAt.getTime()),
    closedAt: closedAt && isoInShanghai(closedAt.getTime()),
  };
}

/** The open task that is due first, as a place in the list by due dates. */
export function nearestTask({ tasks }: Row): string[] {
  const due = tasks.map(({ dueAt, id }) => [new Date(dueAt).toISOString(), id] as const);
  return [...(due.toSorted(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))[0] ?? [])];
}

/** The request as one answer. */
export async function oneRequest(tx: Transaction, id: string, now: number): Promise<ChangeRequestView> {
  const [row] = await tx.query<Row[]>(`${REQUEST_ROW} where r.id = $1`, [id]);
  if (!row) throw new Error(`no request ${id}`);
  return requestView(row, now);
}

/** The requests about a student that were filed last, for the student. */
export async function requestsAbout(tx: Transaction, studentId: string, now: number): Promise<ChangeRequestView[]> {
  const rows = await tx.query<Row[]>(`${REQUEST_ROW} where r.student_id = $1 order by r.filed_at desc, r.id desc limit 100`, [studentId]);
  return rows.map((row) => requestView(row, now));
}

interface MoreRow {
  readable: boolean;
  route: Route;
  names: Record<string, Name>;
  details: Record<string, unknown>;
  application: ApplicationInput | null;
  evidenceIds: string[];
  notices: { fromSchool: Name; toProvince: Name; recordedAt: string }[];
}

/** The request with its story: details, evidence, notices and the timeline with the texts that have not been erased. */
export async function requestDetail(
  tx: Transaction,
  cipher: FieldCipher,
  id: string,
  now: number,
): Promise<Omit<ChangeRequestDetail, 'correction' | 'allowedActions'>> {
  const view = await oneRequest(tx, id, now);
  const [more] = await tx.query<MoreRow[]>(
    `select ${READABLE('r')} as readable, r.route, r.details, r.application, r.evidence_ids as "evidenceIds",
       (select coalesce(jsonb_agg(jsonb_build_object('fromSchool', ${ORGANISATION_NAME('s')}, 'toProvince', ${ORGANISATION_NAME('p')},
         'recordedAt', n.recorded_at)
          order by n.from_school_id = r.source_school_id desc, p.code), '[]')
        from filing_notice n join organisation s on s.id = n.from_school_id join organisation p on p.id = n.to_province_id
          where n.request_id = r.id) as notices,
       (select jsonb_object_agg(o.id, ${ORGANISATION_NAME('o')}) from organisation o where o.id in (r.source_school_id,
         r.destination_school_id)) as names
     from change_request r where r.id = $1`,
    [id],
  );
  if (!more) throw new Error(`no request ${id}`);
  const acts = await readStream(tx, id);
  const timeline = await timelineOf(tx, cipher, id, acts);
  const { readable, route, names, ...rest } = more;
  const notices = more.notices.map((notice) => ({ ...notice, recordedAt: isoInShanghai(Date.parse(notice.recordedAt)) }));
  const evidence = await proofsOf(tx, route, acts);
  const detail = {
    ...view,
    ...rest,
    withheld: !readable,
    notices,
    evidence,
    files: withItems(await filesOf(tx, cipher, readable ? more.evidenceIds : []), evidence),
    stale: view.state === 'open' && view.hold?.kind !== 'awaitingEffect' && isStale(route, acts, now),
    handover: handoverView(route, acts.map(asAct), names),
    reason: timeline[0]?.reason ?? null,
    timeline,
  };
  return readable ? detail : withoutContents(detail);
}

/** How the case stands, for operators. Row-level security has already left out the texts of its acts. */
const withoutContents = (
  detail: Omit<ChangeRequestDetail, 'correction' | 'allowedActions'>,
): Omit<ChangeRequestDetail, 'correction' | 'allowedActions'> => ({
  ...detail,
  details: {},
  application: null,
  reason: null,
  evidenceIds: [],
  evidence: [],
  files: [],
  handover: detail.handover && { ...detail.handover, reply: null },
  timeline: detail.timeline.map(({ reply: _reply, objector: _objector, ...entry }) => entry),
});

/** No person has moved it for as long as its policy says (A4); it is shown so and stays open. */
const isStale = ({ staleAfterMonths }: Route, acts: readonly StoredAct[], now: number): boolean => {
  const last = acts.findLast(({ by }) => by !== undefined);
  return staleAfterMonths !== undefined && last !== undefined && monthsLater(dateOf(last.at), staleAfterMonths) <= dateOf(now);
};

/** The hand-over to or from a school outside this system (A23), once the change took effect. */
function handoverView(route: Route, acts: readonly Act[], names: Readonly<Record<string, Name>>): HandoverView | null {
  const effected = acts.find((act) => act.kind === 'effected');
  const { direction, schoolId, reply } = handoverOf(route, acts) ?? {};
  const school = names[schoolId ?? ''];
  return effected && direction && school ? { direction, school, effectiveOn: effected.effectiveOn, reply: reply ?? null } : null;
}

/** What of an act's body is for readers. */
const SHOWN = [
  'step',
  'visit',
  'supplement',
  'verdict',
  'outcome',
  'objector',
  'cause',
  'workingDaysLeft',
  'late',
  'effectiveOn',
  'on',
  'level',
  'answer',
  'attested',
  'answerBy',
  'dueFrom',
  'dueTo',
  'calendarVersion',
  'how',
  'dueDate',
  'consultationId',
  'mentions',
] as const;

/** The organisation that an act `a` names; the `to` of others is a step or a person. */
const ORGANISATION_NAMED = `case a.kind ${ACT_KINDS.flatMap((kind) => {
  const named = organisationIn(kind);
  return named ? `when '${kind}' then a.body ->> '${named.in}'` : [];
}).join(' ')} end`;

async function timelineOf(tx: Transaction, cipher: FieldCipher, id: string, acts: readonly StoredAct[]): Promise<TimelineEntry[]> {
  const texts = await readTexts(tx, cipher, id);
  const by = await actorsOf(tx, id);
  const named = await tx.query<{ seq: number; name: Name | null; onBehalfOf: Name | null; reply: SealedReplyView | null }[]>(
    `select a.seq, case when o.id is null then null else ${ORGANISATION_NAME('o')} end as name,
       case when b.id is null then null else ${ORGANISATION_NAME('b')} end as "onBehalfOf", a.body #> '{data,reply}' as reply
     from act a left join organisation o on o.id = (${ORGANISATION_NAMED})::uuid
       left join organisation b on b.id = (a.body ->> 'onBehalfOf')::uuid where a.stream_id = $1`,
    [id],
  );
  const names = new Map(named.map((row) => [row.seq, row.name ?? undefined]));
  const behalf = new Map(
    named.map(({ seq, onBehalfOf, reply }) => [seq, onBehalfOf && { onBehalfOf, recordedOnBehalf: true, ...(reply ? { reply } : {}) }]),
  );
  const persons = await personsOf(tx, id);
  return acts.map(({ seq, kind, at, body }) => ({
    seq,
    kind,
    at: isoInShanghai(at),
    ...(by.has(seq) ? { by: by.get(seq) } : {}),
    ...Object.fromEntries(SHOWN.filter((key) => key in body).map((key) => [key, (body as Record<string, unknown>)[key]])),
    ...organisationOf(kind, names.get(seq)),
    ...('to' in body && kind === 'reassigned' ? { assigneeId: String(body.to) } : {}),
    ...moreOf(kind, body),
    ...behalf.get(seq),
    ...persons.get(seq),
    ...forAll(texts.get(seq)),
  }));
}

/**
 * The texts that everybody reads who sees the request: personal values are told to the parties, elsewhere (`correctionView`). What a
 * return names as missing is kept as one erasable text. Why rows of a batch are returned is told with the rows.
 */
function forAll({ missing, rows: _rows, ...texts }: Readonly<Record<string, string>> = {}): Record<string, string | string[]> {
  const open = Object.entries(texts).filter(([field]) => !(PERSONAL_TEXTS as readonly string[]).includes(field));
  return { ...Object.fromEntries(open), ...(missing === undefined ? {} : { missing: JSON.parse(missing) as string[] }) };
}

function organisationOf(kind: string, organisation: Name | undefined): Partial<TimelineEntry> {
  const named = organisationIn(kind as ActKind);
  return named ? { [named.as]: organisation } : {};
}

/** To whom or where a move went. */
function moreOf(kind: string, body: object): Partial<TimelineEntry> {
  const { to, workingDays } = body as { to?: string; workingDays?: number };
  switch (kind) {
    case 'decided':
      return to === undefined ? {} : { returnedTo: to };
    case 'extended':
      return { addedWorkingDays: workingDays };
    case 'delegated':
      return { delegateId: to };
    default:
      return {};
  }
}

type Persons = Pick<TimelineEntry, 'onBehalfOfPerson' | 'accountIssuedBy' | 'assignee' | 'delegate' | 'mentioned'>;

/** Whom an act names besides who acted, by sequence: the absent person for whom a proxy 代理 did, and to whom it was addressed. */
async function personsOf(tx: Transaction, id: string): Promise<Map<number, Persons>> {
  const named = (field: string) => PERSON_NAME(`(a.body ->> '${field}')::uuid`);
  const rows = await tx.query<{ seq: number; persons: Persons }[]>(
    `select a.seq, jsonb_strip_nulls(jsonb_build_object('onBehalfOfPerson', ${named('onBehalfOfPerson')},
       'accountIssuedBy', ${named('accountIssuedBy')},
       'assignee', case when a.kind = 'reassigned' then ${named('to')} end, 'delegate', case
         when a.kind = 'delegated' then ${named('to')} end,
       'mentioned', (select jsonb_agg(${PERSON_NAME('m.id::uuid')} order by m.nth)
         from jsonb_array_elements_text(a.body -> 'mentions') with ordinality m (id, nth)))) as persons
     from act a where a.stream_id = $1 and a.body ?| array['onBehalfOfPerson', 'accountIssuedBy', 'to', 'mentions']`,
    [id],
  );
  return new Map(rows.map(({ seq, persons }) => [seq, persons]));
}
