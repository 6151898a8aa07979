import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import type { Caller } from '../../src/platform/access/caller.js';
import { LiveConnection } from '../../src/events/live-connection.js';
import { until } from '../fixtures/story.js';

const message = { event: 'request', data: { requestId: 'x'.repeat(1000) } } as const;

it('what a slow reader cannot take is not kept for it: it is told that it missed something', async () => {
  let response: http.ServerResponse | undefined;
  const server = http.createServer((_, answer) => (response = answer));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const asked = http.get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  await until(() => Promise.resolve(response), Boolean, 'the server to be asked');
  const connection = new LiveConnection({} as Caller, undefined, 0, response as unknown as Response, () => '7-7');
  const [incoming] = (await once(asked, 'response')) as [http.IncomingMessage];
  incoming.pause();
  for (let n = 0; n < 20_000 && !connection.isStuck(31_000, 30_000); n += 1) {
    connection.send([message], 1);
    if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(connection.isStuck(31_000, 30_000)).toBe(true);
  const kept = response?.writableLength ?? 0;
  for (let n = 0; n < 20_000; n += 1) connection.send([message], 2);
  expect(response?.writableLength).toBe(kept);
  let text = '';
  incoming.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-200)));
  incoming.resume();
  const told = 'event: reset\ndata: {}\nid: 7-7\n\n';
  await until(() => Promise.resolve(text), (end) => end.endsWith(told), 'the reader to be told'); // prettier-ignore
  expect(connection.isStuck(99_000, 30_000)).toBe(false);
  connection.destroy();
  asked.destroy();
  server.close();
});
