import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiClient } from '../fixtures/client.js';
import type { DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import type { System } from '../fixtures/system.js';

interface Stage {
  readonly system: System;
  readonly school: DemoOrganisation;
  readonly admin: ApiClient;
  readonly clerk: ApiClient;
  readonly hook: { readonly id: string; secret: string };
  readonly got: { readonly body: { readonly act: string }; readonly headers: IncomingHttpHeaders; readonly text: string }[];
  readonly answers: number[];
  readonly url: string;
  readonly twoEvents: () => Promise<void>;
  readonly deliverAll: () => Promise<void>;
}

/** Cases of a specification that has a receiver anyway. */
export function webhookKeepingCases(of: () => Stage): void {
  it('is tested by the very way of an event, and says what became of it', async () => {
    const test = () => of().admin.post(`/webhooks/${of().hook.id}/test`);
    expect(await test()).toMatchObject({ status: 200, body: { delivered: true, status: 204, failure: null, reason: null } });
    const { headers, text, body } = of().got[0]!;
    expect(body).toMatchObject({ act: 'test', kind: 'test', requestId: null });
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', Buffer.from(of().hook.secret, 'base64')).update(signed).digest('base64')}`,
    );
    of().answers.push(500);
    expect((await test()).body).toMatchObject({ delivered: false, status: 500, reason: expect.stringContaining('500') });
    const log = await of().admin.get<{ items: object[] }>(`/webhooks/${of().hook.id}/deliveries?limit=2`);
    expect(log.body.items).toMatchObject([
      { eventId: '0', status: 500, reason: expect.any(String) },
      { eventId: '0', status: 204, reason: null },
    ]);
    expect((await of().clerk.post(`/webhooks/${of().hook.id}/test`)).status).toBe(404);
  });

  it('changes its address and kinds, waits while it is paused, and goes on where it stood', async () => {
    const patch = (body: object) => of().admin.send('PATCH', `/webhooks/${of().hook.id}`, body, { 'Idempotency-Key': randomUUID() });
    await of().deliverAll();
    of().got.length = 0;
    expect((await patch({ paused: true })).body).toMatchObject({ state: 'paused' });
    await of().twoEvents();
    await of().deliverAll();
    expect(of().got).toEqual([]);
    expect((await patch({ kinds: ['recalled'], paused: false })).body).toMatchObject({ state: 'active', kinds: ['recalled'] });
    await of().deliverAll();
    expect(of().got.map(({ body }) => body.act)).toEqual(['recalled']);
    expect((await patch({ kinds: null, url: `${of().url}/moved` })).body).toMatchObject({ kinds: null, url: `${of().url}/moved` });
    expect((await patch({ url: of().url })).status).toBe(200);
    expect((await patch({ url: 'ftp://h.example/' })).body).toMatchObject({ code: 'invalid-input' });
  });

  it('changes its secret while both sign, so that no event is lost on the way', async () => {
    const former = of().hook.secret;
    const { body } = await of().admin.post(`/webhooks/${of().hook.id}/secret`, { overlapHours: 2 });
    expect(body).toMatchObject({ secret: expect.any(String), formerSecretUntil: expect.any(String), shownBefore: false });
    of().hook.secret = body.secret as string;
    const signatures = async () => {
      of().got.length = 0;
      await of().admin.post(`/webhooks/${of().hook.id}/test`);
      const { headers, text } = of().got[0]!;
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
      const by = (secret: string) => `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64')}`;
      return [String(headers['webhook-signature']), by(of().hook.secret), by(former)];
    };
    const [both, now, before_] = await signatures();
    expect(both).toBe(`${now} ${before_}`);
    await of().system.time.pass(2 * 3_600_000);
    const [one, present] = await signatures();
    expect(one).toBe(present);
  });

  it('takes an address as it will be used, or not at all, and ten of an organisation', async () => {
    const add = (to: string) =>
      of().admin.post<{ id: string; url: string; code: string }>('/webhooks', { organisationId: of().school.id, url: to });
    for (const to of ['http://a b/', 'http://h:99999/', 'https://me:secret@h.example/', 'ftp://h.example/', 'http://', 'x'])
      expect((await add(to)).body).toMatchObject({ code: 'invalid-input' });
    const added: Awaited<ReturnType<typeof add>>[] = [];
    for (let nth = 0; nth < 12; nth += 1) added.push(await add(`HTTPS://Hooks.Example:443/../${nth}`));
    const kept = added.filter(({ status }) => status === 201).map(({ body }) => body);
    expect(kept.every(({ url: to }) => /^https:\/\/hooks\.example\/\d+$/.test(to))).toBe(true);
    expect(added.find(({ status }) => status !== 201)?.body).toMatchObject({ code: 'too-many-webhooks', most: 10 });
    expect(
      (await of().admin.get<{ organisationId: string }[]>('/webhooks')).body.filter((one) => one.organisationId === of().school.id),
    ).toHaveLength(10);
    await asOwner(of().system, `update webhook set state = 'removed' where id = any($1)`, [kept.map(({ id }) => id)]);
  });
}
