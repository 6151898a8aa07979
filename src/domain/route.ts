import type { KindPolicy, Policy } from './policy.js';
import type { Kind, ProcedureStep, Route, RouteStep, TransferParty } from './procedure.js';
import { PROCEDURES } from './procedures.js';

/** A school as a party of a transfer. */
export interface SchoolParty {
  readonly schoolId: string;
  /** Its competent authority: an attribute of the school, not of its address. */
  readonly authorityId: string;
  readonly provinceId: string;
  /** The school keeps its records in another system; its answers come as sealed replies (A23). */
  readonly answersOutside?: boolean;
}

export interface TransferParties {
  readonly source: SchoolParty;
  readonly destination: SchoolParty;
  readonly filer: { readonly organisationId: string; readonly personId: string };
}

/**
 * The concrete route of a transfer under a policy (Art 14, R-16…R-18, A1). Pure.
 * One authority on both sides decides once, in both capacities. A school that answers outside is recorded by the authority of the side within the system (A23).
 * @throws Error when the policy's order is not a permutation of the parties
 */
export function routeFor(kind: Kind, parties: TransferParties, policy: Policy): Route {
  const procedure = PROCEDURES[kind];
  const { source, destination } = parties;
  const rules = policy.kinds[kind];
  return {
    kind,
    procedureVersion: procedure.version,
    policy: { id: policy.id, version: policy.version },
    filer: parties.filer,
    parties: {
      sourceSchool: source.schoolId,
      destinationSchool: destination.schoolId,
      sourceAuthority: source.authorityId,
      destinationAuthority: destination.authorityId,
      sourceProvince: source.provinceId,
      destinationProvince: destination.provinceId,
    },
    steps: inStages(
      oneDecisionPerAuthority(orderOf(kind, policy).map((party) => concrete(party, stepOf(kind, party), parties, rules))),
      rules,
    ),
    supplementWorkingDays: policy.supplementWorkingDays,
    leastRemainingWorkingDays: policy.leastRemainingWorkingDays,
    remindBefore: policy.remindBefore,
    escalate: policy.escalate,
    noticesTo: source.provinceId === destination.provinceId ? [] : [source.provinceId, destination.provinceId],
  };
}

/** A policy orders the parties of the regulation; it neither leaves one out nor asks one twice (A17). */
function orderOf(kind: Kind, { id, version, kinds }: Policy): readonly TransferParty[] {
  const { order } = kinds[kind];
  const named = new Set(order);
  const { steps } = PROCEDURES[kind];
  if (order.length !== steps.length || !steps.every(({ party }) => named.has(party)))
    throw new Error(`policy ${id} version ${version}: its order of ${kind} must name every party once`);
  return order;
}

function stepOf(kind: Kind, party: TransferParty): ProcedureStep {
  const found = PROCEDURES[kind].steps.find((step) => step.party === party);
  if (!found) throw new Error(`the procedure ${kind} has no step for ${party}`);
  return found;
}

function concrete(party: TransferParty, step: ProcedureStep, { source, destination }: TransferParties, rules: KindPolicy): RouteStep {
  const [own, other] = party.startsWith('source') ? [source, destination] : [destination, source];
  const outside = party.endsWith('School') && own.answersOutside === true;
  return {
    id: party,
    stage: 0,
    capacities: [party],
    organisationId: outside ? other.authorityId : party.endsWith('School') ? own.schoolId : own.authorityId,
    ...(outside ? { onBehalfOf: own.schoolId } : {}),
    office: outside ? 'authorityReviewer' : step.office,
    workingDays: Math.min(rules.workingDays[party] ?? step.workingDays, step.workingDays),
    ...(step.asks ? { asks: step.asks } : {}),
  };
}

/** The authority of both sides decides at the later of its two places, when both schools have spoken. */
function oneDecisionPerAuthority(steps: readonly RouteStep[]): RouteStep[] {
  return steps.reduce<RouteStep[]>((kept, step) => {
    const twin = kept.findIndex(
      (k) => k.id.endsWith('Authority') && step.id.endsWith('Authority') && k.organisationId === step.organisationId,
    );
    if (twin < 0) return [...kept, step];
    const first = kept[twin] as RouteStep;
    const both = {
      ...first,
      capacities: [...first.capacities, ...step.capacities],
      workingDays: Math.min(first.workingDays, step.workingDays),
    };
    return [...kept.toSpliced(twin, 1), both];
  }, []);
}

function inStages(steps: readonly RouteStep[], rules: KindPolicy): RouteStep[] {
  let stage = -1;
  return steps.map((step, i) => {
    const besideTheOther = rules.parallelAuthorities && step.id.endsWith('Authority') && steps[i - 1]?.id.endsWith('Authority') === true;
    if (!besideTheOther) stage += 1;
    return { ...step, stage };
  });
}
