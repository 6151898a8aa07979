/**
 * A transfer from the filing to the effect, through types that openapi-typescript made of the document. Every name below is checked by the
 * compiler: no member is cast. test/long/api/generated-clients.spec.ts generates, compiles and runs it.
 *
 *   npm install openapi-fetch openapi-typescript typescript@5
 *   npx openapi-typescript http://127.0.0.1:3000/openapi.json -o schema.d.ts
 *   npx tsc --strict --target es2022 --module nodenext transfer.ts && node transfer.js http://127.0.0.1:3000
 */
import { randomUUID } from 'node:crypto';
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

type Account = components['schemas']['DemoAccount'];
type Detail = components['schemas']['ChangeRequestDetail'];

const baseUrl = process.argv[2] ?? 'http://127.0.0.1:3000';
const key = () => ({ 'Idempotency-Key': randomUUID() });

/** The answer, or the refusal as an error with its code. */
function given<T>({ data, error }: { data?: T; error?: components['schemas']['Problem'] }): T {
  if (error) throw new Error(`${error.code}: ${error.detail} ${JSON.stringify(error.errors ?? error.blockers ?? [])}`);
  if (data === undefined) throw new Error('an answer without a body');
  return data;
}

async function signedIn({ username, password }: Account) {
  const api = createClient<paths>({ baseUrl });
  const { token } = given(await api.POST('/api/v1/sessions', { body: { username, password } }));
  api.use({
    onRequest({ request }) {
      request.headers.set('Authorization', `Bearer ${token}`);
    },
  });
  return api;
}
type Api = Awaited<ReturnType<typeof signedIn>>;

const { accounts, students } = given(await createClient<paths>({ baseUrl }).GET('/api/v1/demo'));

function holderOf(organisationId: string, office: Account['office']): Account {
  const found = accounts.find((one) => one.office === office && one.organisation.id === organisationId);
  if (!found) throw new Error(`nobody is ${office} at ${organisationId}`);
  return found;
}

/** Two vocational schools of one county. */
function twoSchools(): [source: string, destination: string] {
  const schools = accounts.filter(
    ({ office, organisation: { type } }) => office === 'schoolReviewer' && type !== null && type !== 'ordinaryMiddle',
  );
  for (const { organisation: one } of schools)
    for (const { organisation: other } of schools) if (one.id !== other.id && one.parentId === other.parentId) return [one.id, other.id];
  throw new Error('no two schools of one county');
}

async function evidence(api: Api): Promise<string> {
  const pdf =
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
  const upload = await api.POST('/api/v1/evidence', {
    body: { file: '转学申请.pdf' },
    bodySerializer({ file }) {
      const form = new FormData();
      form.append('file', new Blob([pdf], { type: 'application/pdf' }), file);
      return form;
    },
  });
  return given(upload).id;
}

/** The request once its process waits for somebody, or is over. */
async function settled(api: Api, id: string): Promise<Detail> {
  for (let n = 0; n < 600; n += 1) {
    const detail = given(await api.GET('/api/v1/change-requests/{id}', { params: { path: { id } } }));
    if (!detail.processing) return detail;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the process did not settle within a minute');
}

async function approve(requestId: string, holderId: string, office: Account['office']): Promise<void> {
  const api = await signedIn(holderOf(holderId, office));
  const { items } = given(await api.GET('/api/v1/tasks', { params: { query: { limit: 200 } } }));
  const task = items.find((one) => one.requestId === requestId);
  if (!task) throw new Error('no task of the request in the inbox');
  const body = { verdict: 'approve', opinion: '材料齐全，同意。', version: task.version } as const;
  given(await api.POST('/api/v1/tasks/{id}/decision', { params: { path: { id: task.id }, header: key() }, body }));
}

const [source, destination] = twoSchools();
const clerk = await signedIn(holderOf(source, 'schoolClerk'));
const evidenceIds = [await evidence(clerk)];
const of = (studentId: string) =>
  ({ kind: 'transfer', studentId, details: { destinationSchoolId: destination }, evidenceIds, reason: '家庭迁居' }) as const;

/** The first student of the school for whom nothing stands in the way. */
async function transferable(): Promise<string> {
  for (const { id, schoolId, state } of students) {
    if (schoolId !== source || state !== 'active') continue;
    if (given(await clerk.POST('/api/v1/change-requests/precheck', { body: of(id) })).allowed) return id;
  }
  throw new Error('no student of the school can be transferred today');
}

const filed = given(await clerk.POST('/api/v1/change-requests', { params: { header: key() }, body: of(await transferable()) }));
let detail = await settled(clerk, filed.id);
for (; detail.state === 'open' && detail.currentTasks[0]; detail = await settled(clerk, filed.id)) {
  const [{ step, holder }] = detail.currentTasks;
  await approve(filed.id, holder.id, step.endsWith('School') ? 'schoolReviewer' : 'authorityReviewer');
}
console.log(JSON.stringify({ number: detail.number, state: detail.state }));
