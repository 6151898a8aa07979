import { isPausedBy, newCase, openTasks, type CaseState } from '../../src/domain/case/case.js';
import { fold } from '../../src/domain/case/fold.js';
import { foundByTheEnd, isOnRoll, stateAfter, type EnrolmentState } from '../../src/domain/dossier/dossier.js';
import { handoverOf } from '../../src/domain/case/handover.js';
import type { MessageCode } from '../../src/domain/messages/messages.js';
import { CORRECTED_FACTS, EVER, factsOn, NUMBER_FACT, type Personal, type Statement } from '../../src/domain/dossier/personal-facts.js';
import type { Policy } from '../../src/domain/policy/policy.js';
import { blockersOf } from '../../src/domain/preconditions/index.js';
import { isTransfer, type Kind } from '../../src/domain/procedure/procedure.js';
import { routeFor, type SchoolParty } from '../../src/domain/case/route.js';
import { addDays, dateOf, instantOf } from '../../src/domain/working-days.js';
import { actOf, CaseTold, clerkOf, EAST, FILER, reviewerOf, WEST } from '../fixtures/case.js';
import { filing } from '../fixtures/filing-facts.js';

/** Two vocational schools and two ordinary ones, of which the last keeps its register outside. */
const SCHOOLS: readonly (SchoolParty & { readonly track: 'vocational' | 'ordinary' })[] = [
  { ...WEST, superiorId: 'westCity', track: 'vocational' },
  { ...EAST, superiorId: 'eastCity', track: 'vocational' },
  { ...WEST, superiorId: 'westCity', schoolId: 'westMiddleSchool', track: 'ordinary' },
  { ...EAST, superiorId: 'eastCity', schoolId: 'outsideMiddleSchool', track: 'ordinary', answersOutside: true },
];
const schoolAt = (id: string) => SCHOOLS.find(({ schoolId }) => schoolId === id)!;

interface Version {
  readonly state: EnrolmentState;
  /** The case that brought it. */
  readonly by?: Filed;
}
interface Enrolment {
  readonly school: string;
  readonly versions: Version[];
}

/** Folds only what came since it was last asked. */
class Told extends CaseTold {
  private folded?: CaseState;
  private foldedTo = 0;

  override get state(): CaseState {
    this.folded = this.acts.slice(this.foldedTo).reduce(fold, this.folded ?? newCase(this.route));
    this.foldedTo = this.acts.length;
    return this.folded;
  }
}

/** A request of the student with its case. */
export interface Filed {
  readonly id: string;
  readonly kind: Kind;
  readonly told: CaseTold;
  /** How the student stood when it was filed. */
  readonly from: EnrolmentState;
  /** Of a reinstatement: the request that it undoes. */
  readonly cites?: Filed;
  readonly details: Readonly<Record<string, unknown>>;
  readonly changes: Personal;
}

const HOUR = 3_600_000;
const IDENTITY: Personal = {
  name: '张三',
  sex: 'male',
  birthDate: '2010-01-01',
  documentType: 'residentId',
  documentNumber: '33010620100101123X',
};

/**
 * One student with all requests ever filed for them: filings are judged by the preconditions of their kind, what persons may do by the
 * case, what the process does by `next`, and what an effect leads to by the state model. Only the writing down is the model's own.
 */
export class Life {
  now = instantOf('2026-09-01', 9);
  readonly enrolments: Enrolment[];
  readonly requests: Filed[] = [];
  readonly statements: Statement[];
  private readonly remembered: { day: string; recordedBy: number; said: unknown }[] = [];

  /** `deaf` are codes that this world's schools do not listen to: what they guard must then break. */
  constructor(
    state: EnrolmentState,
    private readonly policy: Policy,
    private readonly deaf: readonly MessageCode[] = [],
  ) {
    this.enrolments = [{ school: 'westSchool', versions: [{ state }] }];
    this.statements = Object.entries({ ...IDENTITY, [NUMBER_FACT]: 'G33010620100101123X' }).map(([fact, value]) => ({
      fact,
      value,
      validFrom: EVER,
      recordedAt: this.now,
    }));
  }

  get today(): string {
    return dateOf(this.now);
  }

  /** The held enrolment, else the latest. */
  get present(): Enrolment {
    return this.enrolments.findLast((one) => isOnRoll(stateOf(one))) ?? this.enrolments.at(-1)!;
  }

  get open(): Filed[] {
    return this.requests.filter(({ told }) => !told.state.closed);
  }

  /** Why the clerk may not file this now; empty when the request was filed. */
  files(kind: Kind, variant: number): readonly string[] {
    const { present } = this;
    const source = schoolAt(present.school);
    const destination = isTransfer(kind) ? SCHOOLS[variant % SCHOOLS.length] : undefined;
    const cites = kind === 'reinstatement' ? this.requests.at(-1 - (variant % 2)) : undefined;
    const details = this.detailsOf(kind, { variant, destination, cites });
    const changes: Personal = kind === 'infoCorrection' ? { name: `李${this.requests.length}` } : {};
    const facts = filing(kind, {
      policy: this.policy,
      details,
      student: {
        openRequest: this.open.some(({ kind: of }) => of !== 'death' && of !== 'infoCorrection'),
        openCorrection: this.open.some((one) => one.kind === 'infoCorrection'),
        openDeath: this.open.some((one) => one.kind === 'death'),
        suspensions: this.times('suspension'),
        repeats: this.times('repeatYear'),
        source: { id: source.schoolId, track: source.track },
      },
      enrolment: { state: stateOf(present), since: '2026-08-31' },
      facts: {
        today: this.today,
        destination: destination && { id: destination.schoolId, track: destination.track, closed: false },
        correction: { former: this.factsToday(), changes },
        cited: cites && {
          kind: cites.kind,
          state: cites.told.state.closed ?? 'open',
          isLatest: present.versions.at(-1)?.by === cites && !isOnRoll(stateOf(present)), // of this model's changes only endings are undone
        },
      },
    });
    const refused = blockersOf(facts).filter(({ code }) => !this.deaf.includes(code));
    if (refused.length === 0) this.isFiled(kind, { source, destination, details, cites, changes });
    return refused.map(({ code }) => code);
  }

  private detailsOf(
    kind: Kind,
    { variant, destination, cites }: { variant: number; destination?: SchoolParty; cites?: Filed },
  ): Filed['details'] {
    const back = { effectiveOn: addDays(this.today, -30 * variant) };
    return {
      ...(isTransfer(kind) ? { destinationSchoolId: destination?.schoolId } : {}),
      ...(kind === 'suspension' ? { until: addDays(this.today, 100) } : {}),
      ...(kind === 'death' ? { diedOn: this.today } : {}),
      ...(kind === 'infoCorrection' ? { proofReceivedOn: this.today, ...back } : {}),
      ...(kind === 'reinstatement' ? { requestId: cites?.id ?? 'nothing' } : {}),
    };
  }

  private isFiled(
    kind: Kind,
    { source, destination, ...filed }: Pick<Filed, 'details' | 'cites' | 'changes'> & { source: SchoolParty; destination?: SchoolParty },
  ): void {
    const school = kind === 'crossTrackTransfer' && destination ? destination.schoolId : source.schoolId;
    const filer = { organisationId: school, personId: FILER };
    const told = new Told(routeFor(kind, { source, destination, filer }, this.policy), this.now);
    const one: Filed = { ...filed, kind, told, id: `request ${this.requests.length}`, from: stateOf(this.present) };
    if (kind === 'death')
      for (const other of this.open)
        if (other.kind !== 'infoCorrection' && mayBeHeld(other)) this.tells(other, { kind: 'held', requestId: one.id, cause: 'death' });
    this.requests.push(one);
  }

  /** The process of one request goes on until it rests. */
  goesOn(one: Filed): void {
    const { told } = one;
    told.now = Math.max(told.now, this.now);
    for (let turns = 0; turns < 100; turns += 1) {
      const { todo } = told;
      if (todo.do === 'wait' || todo.do === 'end') break;
      if (todo.do === 'applyChange') this.takesEffect(one);
      if (todo.do === 'close' && one.kind === 'death' && todo.outcome !== 'approved')
        for (const other of this.heldBy(one)) this.tells(other, { kind: 'continued', requestId: one.id });
      told.append(actOf(todo, told.state, told.now));
    }
    this.now = Math.max(this.now, told.now);
  }

  /** The reviewer of the first open task decides, when there is one that may be decided. */
  decides({ told }: Filed, verdict: 'approve' | 'reject'): void {
    told.now = Math.max(told.now, this.now);
    const [task] = openTasks(told.state);
    if (!task) return;
    const { taskId, version, holder, step } = task;
    told.moved({ do: 'decide', taskId, verdict, opinion: 'because', version }, reviewerOf(holder, `reviewer at ${step}`));
    this.now = Math.max(this.now, told.now);
  }

  recalls({ told }: Filed): void {
    told.now = Math.max(told.now, this.now);
    told.moved({ do: 'recall' }, clerkOf(told.route.filer.organisationId));
  }

  private takesEffect(one: Filed): void {
    const { present } = this;
    const found = foundByTheEnd(present.versions);
    // Personal information is the person's, whatever has become of the enrolment beside its change.
    const to = one.kind === 'infoCorrection' ? stateOf(present) : stateAfter(one.kind, stateOf(present), found?.state);
    if (!to) throw new Error(`${one.kind} was legal when it was filed, and takes effect on who is ${stateOf(present)}`);
    if (one.kind === 'infoCorrection') this.states(one);
    else present.versions.push({ state: to, by: one });
    if (isTransfer(one.kind)) this.opensAt(one);
    if (one.kind === 'death') for (const other of this.heldBy(one)) this.tells(other, { kind: 'superseded', requestId: one.id });
  }

  private opensAt(one: Filed): void {
    const { route, acts } = one.told;
    const school = route.parties.destinationSchool ?? '';
    if (handoverOf(route, acts)?.direction !== 'out') this.enrolments.push({ school, versions: [{ state: 'active', by: one }] });
  }

  private states({ changes, details }: Filed): void {
    for (const fact of CORRECTED_FACTS) {
      const value = changes[fact];
      if (value !== undefined) this.statements.push({ fact, value, validFrom: String(details.effectiveOn), recordedAt: this.now });
    }
  }

  private tells(other: Filed, act: Parameters<CaseTold['append']>[0]): void {
    other.told.now = Math.max(other.told.now, this.now);
    other.told.append(act);
  }

  private heldBy({ id }: Filed): Filed[] {
    return this.open.filter(({ told }) => isPausedBy(told.state, id) && !told.state.ending);
  }

  private times(kind: Kind): number {
    return this.requests.filter((one) => one.kind === kind && one.told.state.closed === 'approved').length;
  }

  factsOn(day: string, recordedBy = this.now): readonly { fact: string; value: string }[] {
    return factsOn(this.statements, day, recordedBy);
  }

  private factsToday(): Personal {
    return Object.fromEntries(this.factsOn(this.today).map(({ fact, value }) => [fact, value]));
  }

  /** What the dossier says now of a day, to be asked again at the end by the moment of record. */
  remembers(day: string): void {
    this.remembered.push({ day, recordedBy: this.now, said: this.factsOn(day) });
    this.now += HOUR;
  }

  /** Whether a question of an earlier moment is answered otherwise today. */
  get forgotten(): boolean {
    return this.remembered.some(({ day, recordedBy, said }) => JSON.stringify(this.factsOn(day, recordedBy)) !== JSON.stringify(said));
  }
}

export const stateOf = ({ versions }: Enrolment): EnrolmentState => versions.at(-1)!.state;

/** What has ended or taken effect goes its own way. */
const mayBeHeld = ({ told: { state } }: Filed): boolean => !state.ending && !state.effected;
