import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { MulterModule } from '@nestjs/platform-express';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Client } from '@temporalio/client';
import path from 'node:path';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { ProxiesController } from '../organisations/proxies.controller.js';
import { Proxies } from '../organisations/proxies.service.js';
import { PersonLimit } from '../platform/access/person-limit.js';
import { SessionGuard } from '../platform/access/session.guard.js';
import { SessionsController } from '../sessions/sessions.controller.js';
import { Passwords } from '../platform/access/passwords.js';
import { Sessions } from '../sessions/sessions.service.js';
import { LOG } from '../platform/http/failures.js';
import { Schemas } from '../platform/http/schemas.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly } from '../platform/access/idempotency.js';
import { AmendmentsController } from '../calendar/amendments.controller.js';
import { Amendments } from '../calendar/amendments.service.js';
import { CalendarController } from '../calendar/calendar.controller.js';
import { CalendarStore } from '../calendar/calendar.store.js';
import { DeadlineExplanationController } from '../deadlines/deadline-explanations.controller.js';
import { DeadlineExplanations } from '../deadlines/deadline-explanations.service.js';
import { AnnouncementsController } from '../calendar/announcements.controller.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { applicationOptions } from '../platform/database/data-source.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { DemoController } from '../demo/demo.controller.js';
import { EvidenceController } from '../evidence/evidence.controller.js';
import { Evidence } from '../evidence/evidence.service.js';
import { SCANNER, scannerFrom } from '../evidence/scanner.js';
import { ScratchStorage } from '../evidence/scratch-storage.js';
import { HealthController } from '../health/health.controller.js';
import { Metrics } from '../health/metrics.service.js';
import { identityFrom } from '../identity/identity-from.js';
import { IDENTITY } from '../identity/identity.js';
import { JointProgrammesController } from '../joint-programmes/joint-programmes.controller.js';
import { JointProgrammes } from '../joint-programmes/joint-programmes.service.js';
import { OrganisationChangesController } from '../organisation-changes/organisation-changes.controller.js';
import { OrganisationChanges } from '../organisation-changes/organisation-changes.service.js';
import { NotificationsController } from '../notifications/notifications.controller.js';
import { Notifications } from '../notifications/notifications.service.js';
import { CodeSetsController } from '../organisations/code-sets.controller.js';
import { HeadsController } from '../organisations/heads.controller.js';
import { Heads } from '../organisations/heads.service.js';
import { Offices } from '../organisations/offices.service.js';
import { Incidents } from '../operations/incidents.service.js';
import { OperationsController } from '../operations/operations.controller.js';
import { Operations } from '../operations/operations.service.js';
import { Reroutes } from '../operations/reroutes.service.js';
import { OrganisationsController } from '../organisations/organisations.controller.js';
import { Organisations } from '../organisations/organisations.service.js';
import { PeopleController } from '../people/people.controller.js';
import { People } from '../people/people.service.js';
import { PoliciesController } from '../policies/policies.controller.js';
import { Policies } from '../policies/policies.service.js';
import { PolicyStore } from '../policies/policies.store.js';
import { CaseContext } from '../cases/case-context.js';
import { CaseMoves } from '../cases/case-moves.js';
import { BatchFilingController } from '../requests/batch/batch-filing.controller.js';
import { BatchFiling } from '../requests/batch/batch-filing.service.js';
import { ChangeKindsController } from '../requests/change-kinds.controller.js';
import { Filing } from '../requests/filing.service.js';
import { NotesController } from '../requests/notes.controller.js';
import { Notes } from '../requests/notes.service.js';
import { RequestsController } from '../requests/requests.controller.js';
import { Requests } from '../requests/requests.service.js';
import { Accesses } from '../students/accesses.service.js';
import { Contact } from '../students/contact.service.js';
import { RegistrationsController } from '../registrations/registrations.controller.js';
import { Registrations } from '../registrations/registrations.service.js';
import { SchoolTermsController } from '../school-terms/school-terms.controller.js';
import { SchoolTerms } from '../school-terms/school-terms.service.js';
import { TermTables } from '../school-terms/term-tables.service.js';
import { StudentsController } from '../students/students.controller.js';
import { Students } from '../students/students.service.js';
import { Irregularities } from '../supervision/irregularities.service.js';
import { IrregularitiesController } from '../supervision/irregularities.controller.js';
import { OrdersController } from '../orders/orders.controller.js';
import { Orders } from '../orders/orders.service.js';
import { Overdue } from '../supervision/overdue.service.js';
import { Stale } from '../supervision/stale.service.js';
import { SupervisionController } from '../supervision/supervision.controller.js';
import { Batch } from '../tasks/batch.service.js';
import { EventsController } from '../events/events.controller.js';
import { WebhooksController } from '../events/webhooks.controller.js';
import { Webhooks } from '../events/webhooks.service.js';
import { Inbox } from '../tasks/inbox.service.js';
import { TasksController } from '../tasks/tasks.controller.js';
import { FilingNoticesController } from '../filing-notices/filing-notices.controller.js';
import { FilingNotices } from '../filing-notices/filing-notices.service.js';
import { ConsultationsController } from '../tasks/consultations.controller.js';
import { Consultations } from '../tasks/consultations.service.js';
import { Delegations } from '../tasks/delegations.service.js';
import { Retractions } from '../tasks/retractions.service.js';
import { Urges } from '../tasks/urges.service.js';
import { Bulletin } from '../supervision/bulletin.service.js';
import { Tasks } from '../tasks/tasks.service.js';
import { CodecController } from '../platform/temporal/codec.controller.js';
import { wakeOne, Wakes } from '../cases/wakes.js';

/** What a process brings to the API. */
export interface Outside {
  readonly config: Config;
  readonly clock: Clock;
  readonly temporal: Client;
}

const CONTROLLERS = [
  SessionsController,
  OrganisationsController,
  HeadsController,
  PeopleController,
  CodeSetsController,
  EvidenceController,
  BatchFilingController,
  RequestsController,
  ChangeKindsController,
  TasksController,
  StudentsController,
  RegistrationsController,
  SchoolTermsController,
  AmendmentsController,
  OperationsController,
  OrdersController,
  IrregularitiesController,
  CalendarController,
  EventsController,
  WebhooksController,
  AnnouncementsController,
  DeadlineExplanationController,
  PoliciesController,
  JointProgrammesController,
  OrganisationChangesController,
  DemoController,
  CodecController,
  HealthController,
  ProxiesController,
  NotesController,
  ConsultationsController,
  FilingNoticesController,
  SupervisionController,
  NotificationsController,
];

const SERVICES = [
  Amendments,
  Batch,
  BatchFiling,
  Bulletin,
  CalendarStore,
  CaseContext,
  CaseMoves,
  DeadlineExplanations,
  Consultations,
  FilingNotices,
  Accesses,
  Contact,
  Cursors,
  Delegations,
  Evidence,
  Filing,
  Heads,
  Inbox,
  Incidents,
  Irregularities,
  JointProgrammes,
  Metrics,
  Notes,
  Notifications,
  Offices,
  OnceOnly,
  Operations,
  Orders,
  OrganisationChanges,
  Organisations,
  Overdue,
  Passwords,
  People,
  Policies,
  PolicyStore,
  Proxies,
  Registrations,
  Requests,
  Reroutes,
  Retractions,
  Schemas,
  SchoolTerms,
  Sessions,
  Stale,
  Students,
  Tasks,
  TermTables,
  Urges,
  Webhooks,
];

/** The API: a list of slices over one database, one clock, one Temporal client. */
@Module({})
export class AppModule {
  static over({ config, clock, temporal }: Outside, log: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot({
          ...applicationOptions(config.databaseUrl, config.databasePool, 'xueji-api'),
          retryAttempts: 30,
          retryDelay: 1000,
        }),
        MulterModule.register({
          storage: new ScratchStorage(path.join(config.dataDir, 'uploads')),
          limits: { fileSize: config.evidenceMaxBytes, files: 1, fields: 5 },
        }),
      ],
      controllers: CONTROLLERS,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: LOG, useValue: log },
        { provide: Client, useValue: temporal },
        { provide: FieldCipher, useValue: new FieldCipher(config.fieldKey, config.indexKey) },
        {
          provide: Wakes,
          inject: [getDataSourceToken()],
          useFactory: (db: DataSource) =>
            new Wakes((wake) => wakeOne({ client: temporal, db, taskQueue: config.temporal.taskQueue }, wake)),
        },
        {
          provide: IDENTITY,
          inject: [getDataSourceToken(), FieldCipher],
          useFactory: (db: DataSource, cipher: FieldCipher) => identityFrom(config, db, cipher),
        },
        { provide: SCANNER, useValue: scannerFrom(config) },
        { provide: APP_GUARD, useClass: SessionGuard },
        { provide: APP_GUARD, useClass: PersonLimit },
        ...SERVICES,
      ],
    };
  }
}
