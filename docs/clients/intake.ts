/**
 * A new student from the list of an intake to the student number, through functions that @hey-api/openapi-ts made of the document.
 * test/long/api/generated-clients.spec.ts generates, compiles and runs it.
 *
 *   npm install @hey-api/openapi-ts typescript@5
 *   npx openapi-ts -i http://127.0.0.1:3000/openapi.json -o hey-api
 *   npx tsc --strict --target es2022 --module nodenext intake.ts && node intake.js http://127.0.0.1:3000
 */
import { randomInt, randomUUID } from 'node:crypto';
import { createClient, createConfig } from './hey-api/client/index.js';
import { decideTask, getDemo, listIntakeRows, listTasks, openIntake, openSession, submitIntake } from './hey-api/index.js';
import type { DemoAccount, IntakeRowView, RegistrationInput } from './hey-api/index.js';

const baseUrl = process.argv[2] ?? 'http://127.0.0.1:3000';
const outside = createClient(createConfig({ baseUrl, throwOnError: true }));
const headers = () => ({ 'Idempotency-Key': randomUUID() });

async function signedIn({ username, password }: DemoAccount) {
  const { data } = await openSession({ client: outside, throwOnError: true, body: { username, password } });
  return createClient(createConfig({ baseUrl, throwOnError: true, auth: data.token }));
}
type Client = Awaited<ReturnType<typeof signedIn>>;

const { data: demo } = await getDemo({ client: outside, throwOnError: true });

function holderOf(organisationId: string | null, office: DemoAccount['office']): DemoAccount {
  const found = demo.accounts.find((one) => one.office === office && one.organisation.id === organisationId);
  if (!found) throw new Error(`nobody is ${office} at ${organisationId}`);
  return found;
}

/** Somebody whom the demonstration does not know: a day of birth by chance, and a number of an order that is not given there. */
function somebody(): RegistrationInput {
  const birthDate = new Date(Date.UTC(2011, 0, 1 + randomInt(360))).toISOString().slice(0, 10);
  const body = `330106${birthDate.replaceAll('-', '')}${996 + 2 * randomInt(2)}`;
  const sum = [...body].reduce((all, digit, n) => all + Number(digit) * 2 ** (17 - n), 0);
  return {
    document: { type: 'residentId', number: body + '10X98765432'.charAt(sum % 11) },
    name: '沈晓岚',
    sex: 'female',
    birthDate,
    ethnicGroup: '01',
    majorCode: '710201',
    grade: '2026',
    studyMode: 'fullTime',
    lengthYears: 3,
    reportedOn: '2026-11-02',
    enrolledOn: '2026-09-01',
    expectedLeavingOn: '2029-06-30',
  };
}

/** What is asked for, once it is there. */
async function until<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (let n = 0; n < 600; n += 1) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`a minute went by without ${what}`);
}

async function approve(client: Client, requestId: string): Promise<void> {
  const task = await until(async () => {
    const { data } = await listTasks({ client, throwOnError: true, query: { limit: 200 } });
    return data.items.find((one) => one.requestId === requestId);
  }, 'a task');
  const body = { verdict: 'approve', opinion: '同意', version: task.version } as const;
  await decideTask({ client, throwOnError: true, path: { id: task.id }, headers: headers(), body });
}

const clerk = demo.accounts.find(
  ({ office, organisation: { type } }) => office === 'schoolClerk' && type !== null && type !== 'ordinaryMiddle',
);
if (!clerk) throw new Error('the demonstration has no clerk');
const { id: schoolId, parentId } = clerk.organisation;
const client = await signedIn(clerk);
const list = { year: 2026, season: 'autumn', rows: [somebody()] } as const;
const { data: opened } = await openIntake({ client, throwOnError: true, headers: headers(), body: { ...list, rows: [...list.rows] } });
const { intake, faulty } = opened;
if (faulty.length > 0 || intake === null) throw new Error(JSON.stringify(faulty));
const path = { id: intake.id };
const { data: submitted } = await submitIntake({ client, throwOnError: true, path, headers: headers(), body: { note: '请审核' } });
const requestId = submitted.requestId;
if (requestId === null) throw new Error('submitted without a request');
await approve(await signedIn(holderOf(schoolId, 'schoolReviewer')), requestId);
await approve(await signedIn(holderOf(parentId, 'authorityReviewer')), requestId);
const registered: IntakeRowView = await until(async () => {
  const { data } = await listIntakeRows({ client, throwOnError: true, path });
  return data.items.find(({ state }) => state === 'registered');
}, 'a registered student');
console.log(JSON.stringify({ number: intake.number, state: registered.state }));
