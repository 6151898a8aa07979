import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { CalendarStore } from '../calendar/calendar.store.js';
import { DeadlineMoves } from '../deadlines/deadline-moves.js';
import { systemClock, type Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { demonstrationIdentity } from '../demo/demonstration-identity.js';
import { Deliveries } from '../events/delivery.js';
import { relayActs } from '../events/relay.js';
import { sweepUploads } from '../evidence/scratch-storage.js';
import { EvidenceSweep } from '../evidence/sweep.js';
import type { IdentityAuthentication } from '../identity/identity.js';
import { checkpoint } from '../platform/ledger/checkpoint.js';
import { sendLetters } from '../mail/send.js';
import { transportTo } from '../mail/transport.js';
import { tellOfMissing } from '../admissions/missing-told.js';
import { warnOfCutOffs } from '../intakes/cut-off-warnings.js';
import { tellOfOverdueGraduations } from '../graduations/overdue-graduations.js';
import { noteRounds } from '../health/rounds.js';
import { deriveNotifications } from '../notifications/derive.js';
import { startUnfinished } from '../organisation-changes/start-change.js';
import { periodically, type Periodic } from '../platform/periodic.js';
import { ReadModelChecker } from '../cases/read-model-check.js';
import { checkIdentities } from '../identity/identity-checks.js';
import { registerWaitingRows } from '../intakes/waiting-rows.js';
import { checkRegistrations } from '../registrations/asked-again.js';
import { jobKinds } from './job-kinds.js';
import { OtherRegisters } from '../registers/other-registers.js';
import { registersFrom } from '../registers/registers-from.js';
import { removeOutdated } from './retention.js';
import { TermCounts } from '../school-terms/term-counts.js';
import { TermMessages } from '../school-terms/term-messages.js';
import { SuspensionPeriods } from '../students/suspension-periods.js';
import { foldOpenTasks } from '../supervision/count-open.js';
import { countOverdue } from '../supervision/count-overdue.js';
import { StaleCases } from '../supervision/stale-cases.js';
import { remindOfOpinions } from '../tasks/overdue-consultations.js';
import { giveBackVacated } from '../tasks/vacated-tasks.js';
import { tellOfUnansweredUrges } from '../tasks/unanswered-urges.js';
import { runJobs } from '../jobs/running-jobs.js';
import { ORDERS } from '../cases/order-wakes.js';
import { Reconciler } from '../cases/reconciler.js';

export interface BackgroundDeps {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  readonly calendar: CalendarStore;
  readonly identity: IdentityAuthentication;
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The loops of the worker process beside workflows and activities. Many workers may run, so each loop may run twice at once. */
export const startBackground = (config: Config, deps: BackgroundDeps): { stop(): unknown }[] => [
  ...reconciling(deps),
  ...keeping(config, deps),
  ...watching(config, deps),
  ...telling(config, deps),
  ...doing(config, deps),
  periodically(15 * SECOND, deps.log, 'the note of what goes on', () => noteRounds(deps.db)),
];

/** Does what people asked for and nobody waits for. */
function doing(config: Config, deps: BackgroundDeps): Periodic[] {
  const kinds = jobKinds(config, deps);
  return [periodically(SECOND / 2, deps.log, 'the jobs', () => runJobs({ ...deps, kinds }))];
}

/** Keeps ledger, read model, workflows and deadlines agreeing. */
function reconciling(deps: BackgroundDeps): { stop(): unknown }[] {
  const [cases, orders, moves] = [new Reconciler(deps), new Reconciler(deps, ORDERS), new DeadlineMoves(deps)];
  const readModel = new ReadModelChecker(deps);
  moves.start();
  return [
    periodically(5 * SECOND, deps.log, 'the reconciliation of cases', () => cases.tick()),
    periodically(5 * SECOND, deps.log, 'the reconciliation of orders', () => orders.tick()),
    periodically(5 * SECOND, deps.log, 'the comparison of the read model with the acts', () => readModel.pass()),
    moves,
  ];
}

/** Keeps the ledger anchored, and of what is kept for a time no more. */
function keeping({ anchorFile, dataDir, evidenceDays }: Config, { db, cipher, clock, log }: BackgroundDeps): Periodic[] {
  const evidence = new EvidenceSweep({ db, clock, log, dataDir, days: evidenceDays });
  return [
    periodically(5 * MINUTE, log, 'the checkpoint of the ledger', () => checkpoint(db, cipher, anchorFile, clock)),
    periodically(60 * MINUTE, log, 'the removal of what is outdated', () => removeOutdated(db, clock)),
    periodically(60 * MINUTE, log, 'the removal of uploads left behind', () =>
      sweepUploads(path.join(dataDir, 'uploads'), systemClock.now()),
    ),
    periodically(10 * MINUTE, log, 'the removal of evidence that was never attached', () => evidence.pass()),
  ];
}

/** What becomes due by the passing of time, and what waits for another system. */
function watching(config: Config, deps: BackgroundDeps): Periodic[] {
  const { db, clock, log } = deps;
  const terms = new SuspensionPeriods(deps);
  const stale = new StaleCases(deps);
  const registers = new OtherRegisters({ ...deps, registers: registersFrom(config, log), againDays: config.registers.againDays });
  const [counts, messages] = [new TermCounts(deps), new TermMessages(deps)];
  // The demonstration's people are invented: no register knows what a visitor corrects.
  const identity = config.demo && !config.identity ? demonstrationIdentity : deps.identity;
  return [
    periodically(10 * MINUTE, log, 'the terms of suspensions', () => terms.pass()),
    periodically(5 * SECOND, log, 'the count of open tasks', () => foldOpenTasks(db)),
    periodically(5 * SECOND, log, 'the count of registered terms', () => counts.pass()),
    periodically(10 * MINUTE, log, 'the beginning of a term', () => counts.begin()),
    periodically(MINUTE, log, 'the messages on the registration of terms', () => messages.pass()),
    periodically(10 * MINUTE, log, 'the count of overdue tasks', () => countOverdue(db, clock)),
    periodically(10 * MINUTE, log, 'the note of stale cases', () => stale.pass()),
    periodically(MINUTE, log, 'the giving back of tasks whose holder has left', () => giveBackVacated(deps)),
    periodically(10 * MINUTE, log, 'the reminder of opinions', () => remindOfOpinions(deps)),
    periodically(10 * MINUTE, log, 'the telling of unanswered urges', () => tellOfUnansweredUrges(deps)),
    periodically(10 * MINUTE, log, 'the telling of overdue graduations', () => tellOfOverdueGraduations(deps)),
    periodically(10 * MINUTE, log, 'the warning of intakes that end', () => warnOfCutOffs(deps)),
    periodically(10 * MINUTE, log, 'the telling of who was admitted and is missing', () => tellOfMissing(deps)),
    periodically(MINUTE, log, 'the start of mergers and closures', () => startUnfinished(deps)),
    periodically(SECOND / 2, log, 'the authentication of identities', () => checkIdentities({ ...deps, identity })),
    periodically(10 * MINUTE, log, 'the registration of approved rows that wait', () => registerWaitingRows(deps)),
    periodically(SECOND, log, 'the authentication of intakes', () => checkRegistrations({ ...deps, identity })),
    periodically(SECOND, log, 'the questions to registers of other schools', () => registers.pass()),
  ];
}

/** What goes out to people and to other systems. */
function telling(config: Config, deps: BackgroundDeps): { stop(): unknown }[] {
  const { db, clock, log } = deps;
  const { mail: post, webhookReach: reach } = config;
  const deliveries = new Deliveries({ ...deps, reach });
  const sending = periodically(SECOND, log, 'the delivery of webhooks', () => deliveries.pass());
  return [
    periodically(SECOND / 2, log, 'the relay of events', () => relayActs(db)),
    periodically(SECOND / 2, log, 'the telling of people', () => deriveNotifications(db, clock)),
    { stop: async () => (await sending.stop(), deliveries.stop()) },
    ...(post ? [sendingMail(post, deps)] : []),
  ];
}

/**
 * The connection to the mail server is kept open between letters: unless it is closed, the process would outlive its work by twenty
 * seconds.
 */
function sendingMail(post: NonNullable<Config['mail']>, deps: BackgroundDeps): { stop(): unknown } {
  const transport = transportTo(post);
  const sending = periodically(5 * SECOND, deps.log, 'the sending of mail', () => sendLetters({ ...deps, transport, from: post.from }));
  return { stop: async () => (await sending.stop(), transport.close()) };
}
