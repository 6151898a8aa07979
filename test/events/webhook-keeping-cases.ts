import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiClient } from '../fixtures/client.js';
import type { System } from '../fixtures/system.js';

interface Stage {
  readonly system: System;
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
}
