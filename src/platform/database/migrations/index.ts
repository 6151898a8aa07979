import { Access1800000000009 } from './9-access.js';
import { SqlMigration } from './sql-file.js';

const of = (folder: string, names: string): string[] => names.split(' ').map((name) => `${folder}/${name}`);

class OrganisationsAndPeople1800000000001 extends SqlMigration {
  protected readonly files = ['1-organisations-and-people'];
}

class Ledger1800000000002 extends SqlMigration {
  protected readonly files = ['functions/refuse_change', '2-ledger', ...of('functions', 'keep_stream_head refuse_text_change')];
}

class StudentsAndDossier1800000000003 extends SqlMigration {
  protected readonly files = [
    '3-imports',
    '3-students-and-dossier',
    '4-import-rows',
    '3-admissions',
    '3-certificates',
    '3-asking',
    '3-data-checks',
    '3-other-registers',
    ...of('functions', 'keep_enrolment_version keep_former_document refuse_contested_document'),
    ...of('functions', 'mark_schools_to_recount chain_dossier_access forget_dossier_access student_until'),
  ];
}

class CasesAndTasks1800000000004 extends SqlMigration {
  protected readonly files = [
    '4-intakes',
    '4-cases-and-tasks',
    '4-graduations',
    ...of(
      'functions',
      'count_open_tasks fold_open_task_changes found_tasks found_requests escalated_tasks requests_shown_to latest_requests_under',
    ),
    ...of('functions', 'loose_evidence shows_evidence students_of_evidence'),
  ];
}

class Calendar1800000000005 extends SqlMigration {
  protected readonly files = [
    '5-calendar',
    ...of('functions', 'effective_days published_through remaining_days end_of_working_day'),
    'views/task_due',
  ];
}

class Policies1800000000006 extends SqlMigration {
  protected readonly files = ['6-policies', 'functions/derived_rows'];
}

class SupervisionAndOrders1800000000007 extends SqlMigration {
  protected readonly files = ['7-supervision-and-orders'];
}

class EventsAndNotifications1800000000008 extends SqlMigration {
  protected readonly files = ['8-events-and-notifications', '8-operations', '8-jobs', '8-drafts'];
}

/** No migration of a released version is older than this. */
export const FIRST_RELEASE = 1_800_000_000_000;

/** In order of dependence; TypeORM takes a migration's name from its class, and its time from the digits at the end of the name. */
export const MIGRATIONS = [
  OrganisationsAndPeople1800000000001,
  Ledger1800000000002,
  StudentsAndDossier1800000000003,
  CasesAndTasks1800000000004,
  Calendar1800000000005,
  Policies1800000000006,
  SupervisionAndOrders1800000000007,
  EventsAndNotifications1800000000008,
  Access1800000000009,
];
