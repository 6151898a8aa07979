import { DEMO_PASSWORD } from '../../src/demo/people.js';
import { appointed } from '../fixtures/appointed.js';
import { APPROVER, DRAFTER, draftOf, holiday } from '../fixtures/calendar.js';
import { as } from '../fixtures/client.js';
import { type Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import type { System } from '../fixtures/system.js';

const DAY = 24 * 3_600_000;

/** A transfer that took effect, and acts of every other kind of stream: what leaves rows. Answers the request's id. */
export async function eventful(system: System, demo: Demonstration): Promise<string> {
  const story = await Story.transfer(system, demo, withinACounty(demo));
  await story.approveAll();
  await (await as(system, demo.holder(story.destination.id, 'schoolClerk'))).get(`/students/${story.studentId}`);
  await offices(system, demo, story);
  await calendar(system);
  return story.id;
}

async function offices(system: System, demo: Demonstration, { destination: school }: Story): Promise<void> {
  const reviewer = demo.holder(school.id, 'schoolReviewer');
  const admin = await as(system, demo.holder(school.parentId ?? '', 'orgAdmin'));
  const clerk = demo.holder(school.id, 'schoolClerk');
  const granted = await appointed(system, demo, school.id, { username: clerk, office: 'schoolReviewer' });
  const ended = await admin.post(`/organisations/${school.id}/offices/${granted}/end`, { reason: '不再兼任' });
  const head = await admin.post(`/organisations/${school.id}/heads`, { displayName: '新校长' });
  const until = new Date(Date.now() + 7 * DAY).toISOString();
  const proxy = { username: clerk, office: 'schoolReviewer', organisationId: school.id, until, reason: '年休假' };
  const client = await as(system, reviewer);
  const stood = await client.post('/me/proxies', proxy);
  const password = { currentPassword: DEMO_PASSWORD, newPassword: '桂花今年开了两次 2026' };
  const own = await client.send('PUT', '/me/password', password);
  expect([ended, head, stood, own].map(({ status }) => status)).toEqual([200, 201, 201, 204]);
}

async function calendar(system: System): Promise<void> {
  const drafter = await as(system, DRAFTER);
  const first = await drafter.post<{ id: string }>('/calendar/amendments', draftOf(2027, [holiday('2027-01-01')]));
  const approved = await (await as(system, APPROVER)).post(`/calendar/amendments/${first.body.id}/approval`);
  const drafted = await drafter.post<{ id: string }>('/calendar/amendments', draftOf(2027, [holiday('2027-01-01'), holiday('2027-01-04')]));
  const withdrawn = await drafter.post(`/calendar/amendments/${drafted.body.id}/withdrawal`, { reason: '重复' });
  expect([first, approved, drafted, withdrawn].map(({ status }) => status)).toEqual([201, 200, 201, 200]);
}
