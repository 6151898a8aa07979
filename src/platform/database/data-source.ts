import { DataSource, type DataSourceOptions } from 'typeorm';
import { DaysThatEarlierVisitsLeft1700000000052 } from './migrations/52-days-that-earlier-visits-left.js';
import { NoticesOfVoidTasksAndProxies1700000000053 } from './migrations/53-notices-of-void-tasks-and-proxies.js';
import { CountedClaims1700000000044 } from './migrations/44-counted-claims.js';
import { Accounts1700000000038 } from './migrations/38-accounts.js';
import { CalendarAndPolicy1700000000003 } from './migrations/3-calendar-and-policy.js';
import { Ledger1700000000004 } from './migrations/4-ledger.js';
import { DecidedTasks1700000000006 } from './migrations/6-decided-tasks.js';
import { InternalErrors1700000000039 } from './migrations/39-internal-errors.js';
import { LatestCases1700000000034 } from './migrations/34-latest-cases.js';
import { Moves1700000000020 } from './migrations/20-moves.js';
import { OfficesOfAPerson1700000000015 } from './migrations/15-offices-of-a-person.js';
import { OpenByNumber1700000000027 } from './migrations/27-open-by-number.js';
import { OrderCursor1700000000018 } from './migrations/18-order-cursor.js';
import { OrganisationChanges1700000000014 } from './migrations/14-organisation-changes.js';
import { OrdersAndHeads1700000000008 } from './migrations/8-orders-and-heads.js';
import { CalendarVersions1700000000007 } from './migrations/7-calendar-versions.js';
import { OrganisationsAndPeople1700000000001 } from './migrations/1-organisations-and-people.js';
import { PopulationRegister1700000000009 } from './migrations/9-population-register.js';
import { RequestsAndTasks1700000000005 } from './migrations/5-requests-and-tasks.js';
import { DeadlineNotes1700000000028 } from './migrations/28-deadline-notes.js';
import { DeathsAndTerms1700000000011 } from './migrations/11-deaths-and-terms.js';
import { DossierHistory1700000000010 } from './migrations/10-dossier-history.js';
import { Events1700000000017 } from './migrations/17-events.js';
import { EndedTokens1700000000026 } from './migrations/26-ended-tokens.js';
import { LinkedDossiers1700000000032 } from './migrations/32-linked-dossiers.js';
import { Notifications1700000000022 } from './migrations/22-notifications.js';
import { PersonHistory1700000000019 } from './migrations/19-person-history.js';
import { PolicyPacks1700000000012 } from './migrations/12-policy-packs.js';
import { ProcessIncidents1700000000025 } from './migrations/25-process-incidents.js';
import { Registrations1700000000013 } from './migrations/13-registrations.js';
import { RegistrationsAskedAgain1700000000033 } from './migrations/33-registrations-asked-again.js';
import { RowLevelSecurity1700000000023 } from './migrations/23-row-level-security.js';
import { AnswersToFilingNotices1700000000037 } from './migrations/37-answers-to-filing-notices.js';
import { OrdersAndProgrammesPassedOn1700000000036 } from './migrations/36-orders-and-programmes-passed-on.js';
import { SealedAnswers1700000000029 } from './migrations/29-sealed-answers.js';
import { ReadModelCheck1700000000046 } from './migrations/46-read-model-check.js';
import { LooseEvidenceAndSubjects1700000000048 } from './migrations/48-loose-evidence-and-subjects.js';
import { DossierAccess1700000000047 } from './migrations/47-dossier-access.js';
import { FirstOfManyEscalated1700000000049 } from './migrations/49-first-of-many-escalated.js';
import { FoundRequests1700000000054 } from './migrations/54-found-requests.js';
import { Objections1700000000041 } from './migrations/41-objections.js';
import { AskedFacts1700000000042 } from './migrations/42-asked-facts.js';
import { WholePolicies1700000000035 } from './migrations/35-whole-policies.js';
import { NoticesOfOrders1700000000031 } from './migrations/31-notices-of-orders.js';
import { OpenTaskCounts1700000000030 } from './migrations/30-open-task-counts.js';
import { Students1700000000002 } from './migrations/2-students.js';
import { SchoolTerms1700000000050 } from './migrations/50-school-terms.js';
import { NoticesOfTerms1700000000060 } from './migrations/60-notices-of-terms.js';

const migrations = [
  OrganisationsAndPeople1700000000001,
  Students1700000000002,
  CalendarAndPolicy1700000000003,
  Ledger1700000000004,
  RequestsAndTasks1700000000005,
  DecidedTasks1700000000006,
  DossierHistory1700000000010,
  OrganisationChanges1700000000014,
  Events1700000000017,
  OfficesOfAPerson1700000000015,
  OrdersAndHeads1700000000008,
  CalendarVersions1700000000007,
  PopulationRegister1700000000009,
  OrderCursor1700000000018,
  DeathsAndTerms1700000000011,
  PersonHistory1700000000019,
  PolicyPacks1700000000012,
  Registrations1700000000013,
  Moves1700000000020,
  Notifications1700000000022,
  DeadlineNotes1700000000028,
  ProcessIncidents1700000000025,
  EndedTokens1700000000026,
  RowLevelSecurity1700000000023,
  LinkedDossiers1700000000032,
  RegistrationsAskedAgain1700000000033,
  OpenByNumber1700000000027,
  SealedAnswers1700000000029,
  OpenTaskCounts1700000000030,
  NoticesOfOrders1700000000031,
  LatestCases1700000000034,
  WholePolicies1700000000035,
  OrdersAndProgrammesPassedOn1700000000036,
  AnswersToFilingNotices1700000000037,
  Accounts1700000000038,
  InternalErrors1700000000039,
  Objections1700000000041,
  AskedFacts1700000000042,
  CountedClaims1700000000044,
  ReadModelCheck1700000000046,
  DossierAccess1700000000047,
  LooseEvidenceAndSubjects1700000000048,
  FirstOfManyEscalated1700000000049,
  DaysThatEarlierVisitsLeft1700000000052,
  NoticesOfVoidTasksAndProxies1700000000053,
  SchoolTerms1700000000050,
  NoticesOfTerms1700000000060,
  FoundRequests1700000000054,
];

/** The application's connections: always the role `xueji_app`, which owns nothing and can neither change nor remove an act. */
export const applicationOptions = (url: string, pool: number, applicationName: string): DataSourceOptions => ({
  type: 'postgres',
  url,
  poolSize: pool,
  applicationName,
  migrations: [],
  entities: [],
  // Generic plans: the statements are prepared and few, and planning the inbox anew took eight times its execution. A plan that was made
  // while a table was small must not scan the whole of it when it has grown: every statement here finds its rows by an index.
  extra: {
    options: [
      'role=xueji_app',
      'timezone=UTC',
      'statement_timeout=15000',
      'lock_timeout=5000',
      'idle_in_transaction_session_timeout=20000',
      'plan_cache_mode=force_generic_plan',
      'enable_seqscan=off',
      'jit=off',
    ]
      .map((one) => `-c ${one}`)
      .join(' '),
    connectionTimeoutMillis: 5000,
    pipeline: true,
  },
});

/** The owner's single connection, for migrations. */
export const ownerOptions = (url: string): DataSourceOptions => ({ type: 'postgres', url, poolSize: 1, migrations, entities: [] });

export async function connected(options: DataSourceOptions): Promise<DataSource> {
  return new DataSource(options).initialize();
}
