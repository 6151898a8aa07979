import type { KindPolicy, Policy } from '../policy/policy.js';
import {
  isTransfer,
  PROVINCES,
  type BatchKind,
  type Kind,
  type Party,
  type ProcedureStep,
  type Route,
  type RouteParties,
  type RouteStep,
} from '../procedure/procedure.js';
import { BATCH_PROCEDURES, PROCEDURES, stepFor } from '../procedure/procedures.js';

/** A school as a party of a case. */
export interface SchoolParty {
  readonly schoolId: string;
  /** Its competent authority: an attribute of the school, not of its address. */
  readonly authorityId: string;
  /** The authority next above the competent one within the province; none above the province itself. */
  readonly superiorId?: string | null;
  readonly provinceId: string;
  /** The school keeps its records in another system; its answers come as sealed replies (A23). */
  readonly answersOutside?: boolean;
}

export interface CaseParties {
  /** The student's school; of a transfer the source school. */
  readonly source: SchoolParty;
  /** Of a transfer, and of the undoing of one: the other school. */
  readonly destination?: SchoolParty;
  readonly filer: Route['filer'];
}

/**
 * The concrete route of a case under a policy (Art 11, 14–16, R-16…R-21, A1, A2). Pure.
 * 1. One authority in several capacities decides once, in all of them.
 * 2. The authority within the system records the answer of a school outside it (A23).
 * 3. `added` are the parties that policy adds for this filing.
 * 4. A transfer between two provinces gets both, if policy has their filing block it (A3).
 * 5. A superior that a province adds is left out if the authority has none.
 * @throws Error when the policy's order leaves out a party of the regulation, asks one twice or names a stranger
 */
export function routeFor(kind: Kind, parties: CaseParties, policy: Policy, added: readonly Party[] = []): Route {
  const rules = policy.kinds[kind];
  const provinces = [parties.source.provinceId, parties.destination?.provinceId ?? parties.source.provinceId];
  const noticesTo = provinces[0] === provinces[1] ? [] : provinces;
  const deciding = isTransfer(kind) && noticesTo.length > 0 && policy.filing.blocking ? PROVINCES : [];
  const between = !isTransfer(kind) && parties.destination !== undefined;
  const order = orderOf(kind, policy).flatMap((party) => (between ? (ON_BOTH_SIDES[party] ?? [party]) : [party]));
  const asked = [...new Set([...order, ...added, ...deciding])].flatMap((party) => concrete(kind, party, parties, rules) ?? []);
  return {
    kind,
    procedureVersion: PROCEDURES[kind].version,
    policy: { id: policy.id, version: policy.version },
    filer: parties.filer,
    parties: partiesOf(kind, parties),
    steps: inStages(oneDecisionPerAuthority(asked), rules),
    ...(rules.deadlineScope === 'total' ? { totalWorkingDays: Math.max(...asked.map(({ workingDays }) => workingDays)) } : {}),
    supplementWorkingDays: policy.supplementWorkingDays,
    leastRemainingWorkingDays: policy.leastRemainingWorkingDays,
    remindBefore: policy.remindBefore,
    escalate: policy.escalate,
    escalateTo: policy.escalateTo,
    staleAfterMonths: policy.stale.afterMonths,
    noticesTo,
  };
}

/** How a batch is called, who submitted it, and the steps that policy adds to its review. */
export interface BatchParties {
  readonly batch: string;
  readonly source: SchoolParty;
  readonly filer: Route['filer'];
  readonly added?: readonly Party[];
}

/** The route of a batch: its school, then its authority, each within its own working days (Art 9, Art 18). Pure. */
export function routeOfBatch(kind: BatchKind, { batch, source, filer, added = [] }: BatchParties, policy: Policy): Route {
  const { version, steps, mayAdd } = BATCH_PROCEDURES[kind];
  const asked = [...steps, ...mayAdd.filter(({ party }) => added.includes(party))].flatMap((step) => {
    const organisationId = holderOf(step, source);
    return organisationId ? [{ ...step, organisationId }] : [];
  });
  return {
    kind,
    procedureVersion: version,
    policy: { id: policy.id, version: policy.version },
    filer,
    batch,
    parties: { school: source.schoolId, authority: source.authorityId, province: source.provinceId },
    steps: asked.map(({ party, capacity, organisationId, level, office, workingDays, asks }, stage) => ({
      id: party,
      stage,
      capacities: [capacity],
      organisationId,
      level,
      office,
      workingDays,
      ...(asks ? { asks } : {}),
    })),
    supplementWorkingDays: policy.supplementWorkingDays,
    leastRemainingWorkingDays: policy.leastRemainingWorkingDays,
    remindBefore: policy.remindBefore,
    escalate: policy.escalate,
    escalateTo: policy.escalateTo,
    staleAfterMonths: policy.stale.afterMonths,
    noticesTo: [],
  };
}

/** Working days of a route when every holder takes all of its own: stage by stage, or all together where policy counts so (A2). */
export function longestWay({ steps, totalWorkingDays }: Pick<Route, 'steps' | 'totalWorkingDays'>): number {
  const stages = new Map<number, number>();
  for (const { stage, workingDays } of steps) stages.set(stage, Math.max(stages.get(stage) ?? 0, workingDays));
  return totalWorkingDays ?? [...stages.values()].reduce((sum, days) => sum + days, 0);
}

/** Parties that policy adds to a filing with these details: an unnatural death goes further up in some places. */
export const addedFor = (kind: Kind, details: Readonly<Record<string, unknown>>, { unnaturalDeath }: Policy): readonly Party[] =>
  kind === 'death' && details.unnatural === true ? unnaturalDeath : [];

/**
 * Whom the school tells of an unnatural death when it takes effect: the city and the province above its authority. The parent measures
 * 教职成〔2010〕7号 have it reported up, as provinces quote them. The authority itself decides, and so knows.
 */
export const toldOfDeath = (
  kind: Kind,
  details: Readonly<Record<string, unknown>>,
  { authorityId, superiorId, provinceId }: SchoolParty,
): readonly string[] =>
  kind === 'death' && details.unnatural === true
    ? [...new Set([superiorId ?? provinceId, provinceId])].filter((id) => id !== authorityId)
    : [];

/** The route of a claim that its authority decides by ruling on both sides, and not before (A5). */
export const schoolOnly = (route: Route): Route => ({ ...route, steps: route.steps.filter(({ id }) => id === 'school') });

function partiesOf(kind: Kind, { source, destination }: CaseParties): RouteParties {
  if (!destination) {
    if (isTransfer(kind)) throw new Error(`a ${kind} has a destination school`);
    return { school: source.schoolId, authority: source.authorityId, province: source.provinceId };
  }
  return {
    sourceSchool: source.schoolId,
    destinationSchool: destination.schoolId,
    sourceAuthority: source.authorityId,
    destinationAuthority: destination.authorityId,
    sourceProvince: source.provinceId,
    destinationProvince: destination.provinceId,
  };
}

/**
 * Why an order can't be a kind's: a province orders the regulation's parties and adds some; it leaves none out and asks none twice (A17).
 */
export function orderFaults(kind: Kind, order: readonly Party[]): string[] {
  return [
    ...PROCEDURES[kind].steps.filter(({ party }) => !order.includes(party)).map(({ party }) => `leaves out ${party}`),
    ...order.filter((party, i) => order.indexOf(party) !== i).map((party) => `asks ${party} twice`),
    ...order.filter((party) => !isOrdered(kind, party)).map((party) => `${party} has no part in it`),
  ];
}

const isOrdered = (kind: Kind, party: string): boolean => {
  const { steps, mayAdd } = PROCEDURES[kind];
  return [...steps, ...mayAdd].some((one) => one.party === party);
};

/** Who decides in place of the one school and its authority where two schools are concerned, on the same number of days. */
const ON_BOTH_SIDES: Readonly<Partial<Record<Party, readonly Party[]>>> = {
  school: ['sourceSchool', 'destinationSchool'],
  authority: ['sourceAuthority', 'destinationAuthority'],
};
const ofOneSide = (party: Party): Party | undefined =>
  (Object.keys(ON_BOTH_SIDES) as Party[]).find((one) => ON_BOTH_SIDES[one]?.includes(party));

function orderOf(kind: Kind, { id, version, kinds }: Policy): readonly Party[] {
  const { order } = kinds[kind];
  const faults = orderFaults(kind, order);
  if (faults.length > 0) throw new Error(`policy ${id} version ${version}: its order of ${kind} ${faults.join(', ')}`);
  return order;
}

function concrete(kind: Kind, party: Party, parties: CaseParties, rules: KindPolicy): RouteStep | undefined {
  const step = stepFor(kind, party) as ProcedureStep;
  const { source, destination } = parties;
  const [own, other] = destination && step.side === 'destination' ? [destination, source] : [source, destination];
  const outside = step.level === 'school' && own.answersOutside === true && other !== undefined;
  const organisationId = outside ? other.authorityId : holderOf(step, own);
  if (!organisationId) return undefined;
  return {
    id: party,
    stage: 0,
    capacities: [step.capacity],
    organisationId,
    level: step.level,
    ...(outside ? { onBehalfOf: own.schoolId } : {}),
    office: outside ? 'authorityReviewer' : step.office,
    workingDays: Math.min(rules.workingDays[party] ?? rules.workingDays[ofOneSide(party) ?? party] ?? step.workingDays, step.workingDays),
    ...(step.asks ? { asks: step.asks } : {}),
  };
}

function holderOf({ level }: ProcedureStep, { schoolId, authorityId, superiorId, provinceId }: SchoolParty): string | null | undefined {
  return { school: schoolId, authority: authorityId, superior: superiorId, province: provinceId }[level];
}

const isAuthority = ({ level }: RouteStep): boolean => level !== 'school';

/** An authority in several capacities decides at the latest of its places, when all before it have spoken. */
function oneDecisionPerAuthority(steps: readonly RouteStep[]): RouteStep[] {
  return steps.reduce<RouteStep[]>((kept, step) => {
    const twin = kept.findIndex((k) => isAuthority(k) && isAuthority(step) && k.organisationId === step.organisationId);
    if (twin < 0) return [...kept, step];
    const first = kept[twin] as RouteStep;
    const both = {
      ...first,
      capacities: [...new Set([...first.capacities, ...step.capacities])],
      workingDays: Math.min(first.workingDays, step.workingDays),
    };
    return [...kept.toSpliced(twin, 1), both];
  }, []);
}

function inStages(steps: readonly RouteStep[], rules: KindPolicy): RouteStep[] {
  let stage = -1;
  return steps.map((step, i) => {
    const besideTheOther = rules.parallelAuthorities && step.level === 'authority' && steps[i - 1]?.level === 'authority';
    if (!besideTheOther) stage += 1;
    return { ...step, stage };
  });
}
