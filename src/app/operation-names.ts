/** The name of an operation: the verb of the handler, and the thing of the address. A generated client calls its function so. */
export function operationName({
  method,
  path,
  handler,
}: {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
}): string {
  const named = NAMED[`${method} ${path}`];
  if (named) return named;
  const parts = path.split('/').filter((part) => part !== '');
  const words = parts.filter((part) => !part.startsWith('{'));
  const things = parts.filter((part, at) => !part.startsWith('{') && (at === parts.length - 1 || parts[at + 1]?.startsWith('{')));
  const isOne = parts.at(-1)?.startsWith('{') === true;
  const last = words.at(-1) ?? '';
  if (method === 'GET') return isOne ? `get${pascal(singular(last))}` : `${handler === 'list' ? 'list' : 'get'}${ofOwner(things)}`;
  // Two words of a handler say what is done to what.
  if (/[A-Z]/.test(handler)) return handler;
  const isMove = parts.length > 1 && parts.at(-2)?.startsWith('{') && !last.endsWith('s');
  // `answers` are answered, so the name says of what.
  const thing = isMove || singular(last) === handler ? (words.at(-2) ?? last) : last;
  return `${handler}${pascal(handler === 'search' ? (words.at(-2) ?? last) : singular(thing))}`;
}

/** Where the rule would say something else, or the same twice. */
const NAMED: Readonly<Record<string, string>> = {
  'POST /codec/decode': 'decodePayloads',
  'GET /calendar/{year}': 'getCalendarYear',
  'GET /calendar/deadline': 'countCalendarDays',
  'GET /data-checks/counts': 'countDoubts',
  'GET /data-checks/rules': 'listDataCheckRules',
  'POST /data-checks/statements/{id}/return': 'returnStatement',
  'POST /graduations/{id}/withdrawals': 'withdrawGraduates',
  'POST /operations/incidents/acknowledgement': 'acknowledgeIncident',
  'GET /statistics/retention': 'countRetention',
  'GET /statistics/retention/file': 'getRetentionFile',
  'GET /subsidies/changes': 'listSubsidyChanges',
  'GET /subsidies/students': 'listSubsidyStudents',
  'POST /change-requests/{id}/paper-check': 'recordPaperCheck',
  'POST /calendar/notices': 'readCalendarNotice',
  'DELETE /sessions/current': 'closeSession',
  'GET /browser-sessions/ways': 'getSignInWays',
  'POST /browser-sessions': 'openBrowserSession',
  'POST /browser-sessions/demonstration': 'openDemonstrationSession',
  'DELETE /browser-sessions/current': 'closeBrowserSession',
  'GET /browser-sessions/oidc': 'beginIssuerSignIn',
  'GET /browser-sessions/oidc/callback': 'endIssuerSignIn',
  'GET /me/sessions': 'listMySessions',
  'DELETE /me/sessions': 'endMySessions',
  'DELETE /me/sessions/{id}': 'endMySession',
  'DELETE /student-sessions/current': 'closeStudentSession',
  'POST /code-sets/{name}/versions': 'draftCodeSetVersion',
  'POST /code-sets/{name}/versions/preview': 'previewCodeSetVersion',
  'GET /code-sets/{name}/versions/{version}': 'getCodeSetVersion',
  'POST /code-sets/{name}/versions/{version}/activation': 'activateCodeSetVersion',
  'POST /code-sets/{name}/versions/{version}/withdrawal': 'withdrawCodeSetVersion',
  'GET /policies/{id}/versions/{version}': 'getPolicyVersion',
  'POST /policies/{id}/versions/{version}/activation': 'activatePolicyVersion',
  'POST /policies/{id}/versions/{version}/preview': 'previewPolicyVersion',
  'POST /policies/{id}/versions/{version}/rebasing': 'rebasePolicyVersion',
  'POST /policies/{id}/versions/{version}/revocation': 'revokePolicyVersion',
  'GET /organisations/{id}/offices': 'listOfficeHolders',
  'POST /organisations/{id}/majors': 'fileMajors',
  'POST /organisations/{id}/people': 'enterPerson',
  'POST /people/{id}/subject': 'bindSubject',
  'GET /me/phrases': 'listMyPhrases',
  'PUT /me/phrases': 'keepMyPhrases',
  'GET /tasks/counts': 'countTasks',
  'GET /events/stream': 'streamEvents',
  'GET /policies/schema': 'getPolicySchema',
  'GET /webhooks/{id}/deliveries': 'listWebhookDeliveries',
  'POST /notifications/read': 'markNotificationsRead',
  'GET /notifications/preferences': 'getNotificationPreferences',
  'PUT /notifications/preferences': 'setNotificationPreferences',
  'GET /certificates/archive': 'getCertificateArchive',
  'POST /certificates/{id}/handing-over': 'handOverCertificate',
  'POST /students/exports': 'exportStudents',
  'POST /students/lookup': 'lookUpStudent',
  'GET /students/{id}/access': 'listStudentAccesses',
  'PATCH /students/{id}/contact': 'changeStudentContact',
  'POST /students/{id}/unmaskings': 'unmaskStudent',
  'POST /registrations': 'registerStudent',
  'POST /schools/{id}/terms/{term}/registrations': 'registerTerm',
  'POST /schools/{id}/terms/{term}/registrations/retraction': 'retractTermRegistrations',
  'POST /admission-lists': 'handInAdmissionList',
  'POST /admission-lists/sheet': 'handInAdmissionSheet',
  'GET /admission-lists/template': 'getAdmissionTemplate',
  'GET /admission-lists/{id}/people': 'listAdmittedPeople',
  'POST /change-requests/batch/sheet': 'fileBatchBySheet',
  'GET /imports/template': 'getImportTemplate',
  'POST /imports': 'handInImport',
  'POST /imports/sheet': 'handInImportSheet',
  'POST /imports/sheet/marked': 'markImportSheet',
  'POST /imports/{id}/decision': 'decideImport',
  'GET /imports/{id}/rows': 'listImportRows',
  'POST /intakes/roster/check': 'checkRoster',
  'POST /intakes/roster/marked': 'markRoster',
  'GET /intakes/{id}/rows': 'listIntakeRows',
  'POST /intakes/{id}/rows': 'addIntakeRows',
  'GET /schools/{id}/terms/{term}': 'getSchoolTerm',
  'GET /schools/{id}/terms/{term}/unregistered': 'listUnregisteredStudents',
  'POST /schools/{id}/terms/{term}/first-day': 'declareFirstDay',
  'POST /schools/{id}/classes/{classId}/students': 'placeStudents',
  'POST /change-requests/precheck': 'precheckChangeRequest',
  'POST /change-requests/{id}/comments': 'commentOnChangeRequest',
  'POST /change-requests/{id}/objections': 'objectToChangeRequest',
  'POST /change-requests/{id}/copies': 'copyChangeRequest',
  'POST /own-dossier/objections': 'objectToOwnDossier',
  'GET /own-dossier/queries': 'listOwnQueries',
  'GET /own-dossier/certificates/{number}/pdf': 'getOwnCertificatePdf',
  'POST /tasks/decisions': 'decideTasks',
  'GET /me/summary': 'getMySummary',
  'POST /operations/reroutes': 'rerouteChangeRequests',
  'POST /change-requests/{id}/deadline': 'extendDeadline',
  'GET /operations/incidents': 'listIncidents',
  'POST /orders/{id}/reply': 'replyToOrder',
  'POST /orders/{id}/ruling': 'ruleOnOrder',
  'GET /supervision/overdue': 'countOverdueTasks',
  'GET /supervision/overdue/tasks': 'listOverdueTasks',
  'GET /supervision/stale': 'listStaleRequests',
  'GET /supervision/urges': 'listUrges',
  'GET /supervision/terms': 'countTermRegistrations',
  'POST /irregularities/{id}/outcome': 'recordIrregularityOutcome',
  'GET /statistics/enrolments': 'countEnrolments',
  'GET /statistics/enrolments/file': 'getEnrolmentFile',
  'GET /statistics/movements': 'countMovements',
  'GET /statistics/movements/file': 'getMovementFile',
  'POST /graduations': 'drawUpGraduation',
  'POST /graduations/conversions': 'convertCompletion',
  'GET /graduations/{id}/members': 'listGraduationMembers',
  'POST /joint-programmes/{id}/cohort-transfers': 'transferProgrammeCohort',
  'POST /organisation-changes/{id}/cohort-transfers': 'transferSchoolCohort',
  'GET /students/{id}/objections': 'listStudentObjections',
  'POST /verifications': 'verifyCertificate',
};

const pascal = (words: string): string =>
  words
    .split('-')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');

const SINGULAR: readonly (readonly [RegExp, string])[] = [
  [/ies$/, 'y'],
  [/(ss|us)$/, '$1'],
  [/sses$/, 'ss'],
  [/people$/, 'person'],
  [/s$/, ''],
];
export const singular = (word: string): string => {
  const [ending, by] = SINGULAR.find(([pattern]) => pattern.test(word)) ?? [/$/, ''];
  return word.replace(ending, by);
};

/** `students/{id}/dossier` is a student's dossier. */
const ofOwner = (things: readonly string[]): string =>
  things.map((thing, at) => pascal(at < things.length - 1 ? singular(thing) : thing)).join('');
