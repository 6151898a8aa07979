import { Module, type DynamicModule } from '@nestjs/common';
import { AdmissionsModule } from '../admissions/admissions.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { DataChecksModule } from '../data-checks/data-checks.module.js';
import { DeadlinesModule } from '../deadlines/deadlines.module.js';
import { DemoModule } from '../demo/demo.module.js';
import { EventsModule } from '../events/events.module.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { EvidenceModule } from '../evidence/evidence.module.js';
import { FigureExportsModule } from '../exports/exports.module.js';
import { FilingNoticesModule } from '../filing-notices/filing-notices.module.js';
import { GraduationsModule } from '../graduations/graduations.module.js';
import { HealthModule } from '../health/health.module.js';
import { LateWindowsModule } from '../late-windows/late-windows.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { JointProgrammesModule } from '../joint-programmes/joint-programmes.module.js';
import { DraftsModule } from '../drafts/drafts.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OperationsModule } from '../operations/operations.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { OrganisationChangesModule } from '../organisation-changes/organisation-changes.module.js';
import { CodeSetsModule } from '../code-sets/code-sets.module.js';
import { OrganisationsModule } from '../organisations/organisations.module.js';
import { PeopleModule } from '../people/people.module.js';
import { ServiceAccountsModule } from '../service-accounts/service-accounts.module.js';
import { TemporalModule } from '../platform/temporal/temporal.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { ImportsModule } from '../imports/imports.module.js';
import { IntakesModule } from '../intakes/intakes.module.js';
import { RegistrationsModule } from '../registrations/registrations.module.js';
import { BatchFilingModule } from '../requests/batch/batch-filing.module.js';
import { ChangeFormsModule } from '../requests/forms/forms.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { ClassesModule } from '../classes/classes.module.js';
import { RostersModule } from '../rosters/rosters.module.js';
import { SchoolTermsModule } from '../school-terms/school-terms.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { StudentsModule } from '../students/students.module.js';
import { OwnDossierModule } from '../own-dossier/own-dossier.module.js';
import { VerificationsModule } from '../verifications/verifications.module.js';
import { SupervisionModule } from '../supervision/supervision.module.js';
import { SubsidiesModule } from '../subsidies/subsidies.module.js';
import { StatisticsModule } from '../statistics/statistics.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { ENTITIES } from './entities.js';
import { PlatformModule, type Process } from '../platform/platform.module.js';

/** The product, the same in each process: its slices, over what the process brings. */
@Module({
  imports: [
    TemporalModule,
    HealthModule,
    JobsModule,
    DemoModule,
    SessionsModule,
    CodeSetsModule,
    OrganisationsModule,
    PeopleModule,
    ServiceAccountsModule,
    CalendarModule,
    PoliciesModule,
    EventsModule,
    DraftsModule,
    NotificationsModule,
    EvidenceModule,
    CertificatesModule,
    StudentsModule,
    RegistrationsModule,
    AdmissionsModule,
    RostersModule,
    ImportsModule,
    IntakesModule,
    SchoolTermsModule,
    ClassesModule,
    RequestsModule,
    BatchFilingModule,
    ChangeFormsModule,
    TasksModule,
    DeadlinesModule,
    FilingNoticesModule,
    LateWindowsModule,
    OperationsModule,
    OrdersModule,
    SupervisionModule,
    StatisticsModule,
    DataChecksModule,
    SubsidiesModule,
    FigureExportsModule,
    GraduationsModule,
    JointProgrammesModule,
    OrganisationChangesModule,
    OwnDossierModule,
    VerificationsModule,
  ],
})
export class AppModule {
  static readonly over = (process: Process): DynamicModule => ({ module: AppModule, imports: [PlatformModule.over(process, ENTITIES)] });
}
