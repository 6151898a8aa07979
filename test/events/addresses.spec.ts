import { once } from 'node:events';
import http from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { isInner, isPublic, leadsInside, lookupPublic, targetOf } from '../../src/events/addresses.js';
import { postEvent } from '../../src/events/outgoing.js';

const event = { id: 'x', body: '{}', secrets: [Buffer.alloc(32)], seconds: 0 };
const sentTo = (to: string, more: object = {}) => postEvent(to, event, { reach: 'public', ...more });

const INNER: readonly (readonly [what: string, hosts: readonly string[]])[] = [
  ['this machine', ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '017700000001', '0.0.0.0', '0.1.2.3', '[::1]', '[::]']],
  [
    'names of this machine and of inner networks',
    ['localhost', 'a.localhost', 'printer.local', 'metadata.google.internal', 'x.home.arpa.'],
  ],
  ['private and shared networks', ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.1', '[fd00::1]', '[fec0::1]']],
  ['the addresses that clouds answer at', ['169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '100.100.100.200', '192.0.0.192']],
  ['multicast and reserved addresses', ['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', '[ff02::1]', '[100::1]', '[4000::1]']],
  [
    'networks of tests and documents',
    ['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '[2001:db8::1]', '[2001:2::1]', '[3fff::1]'],
  ],
  ['relays and sinks', ['192.88.99.1', '192.31.196.1', '192.52.193.1', '192.175.48.1', '[2620:4f:8000::1]', '[3ffe::1]', '[5f00::1]']],
  ['IPv4 mapped, compatible and translated', ['[::ffff:127.0.0.1]', '[::ffff:8.8.8.8]', '[::7f00:1]', '[::ffff:0:7f00:1]']],
  ['IPv4 behind NAT64', ['[64:ff9b::7f00:1]', '[64:ff9b::808:808]', '[64:ff9b:1::7f00:1]', '[64:ff9b:1:2:3::1]']],
  ['IPv4 in 6to4, Teredo and ISATAP', ['[2002:7f00:1::]', '[2001:0:1::]', '[2a00::5efe:7f00:1]', '[2a00:1:2:3:200:5efe:a00:1]']],
];

describe('an address of the public network', () => {
  it.each(INNER)('is none of %s, known when it is entered and refused when it is connected to', async (_what, hosts) => {
    const all = hosts.flatMap((host) => [`http://${host}:9`, `https://${host}:9`]);
    expect(all.filter((url) => !isInner(targetOf(url) as URL))).toEqual([]);
    const sent = await Promise.all(all.map((url) => sentTo(url)));
    expect(sent.filter(({ failure }) => failure !== 'EINNER')).toEqual([]);
  });

  it.each([
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.32.0.1',
    '223.255.255.255',
    '2001:4860:4860::8888',
    '2606:4700::1111',
    '240e::1',
  ])('may be %s', (address) => {
    expect(isPublic(address)).toBe(true);
    expect(isInner(new URL(`http://${address.includes(':') ? `[${address}]` : address}/`))).toBe(false);
  });

  it('is no address of a named network card', () => {
    expect(isPublic('fe80::1%eth0')).toBe(false);
    expect(isPublic('2606:4700::1111%eth0')).toBe(false);
    expect(isPublic('no address')).toBe(false);
  });

  it.each([true, false])('is judged again when its name is resolved (all: %s)', async (all) => {
    const failure = await new Promise((resolve) => lookupPublic('localhost', { all }, resolve));
    expect(failure).toMatchObject({ code: 'EINNER' });
  });
});

describe('posting an event', () => {
  it('follows no redirect', async () => {
    let asked = 0;
    const server = http.createServer((_request, response) => {
      asked += 1;
      response.writeHead(307, { location: '/again' }).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect([await postEvent(url, event, { reach: 'any' }), asked]).toEqual([{ status: 307 }, 1]);
    expect([await sentTo(url), asked]).toEqual([{ failure: 'EINNER' }, 1]);
    server.close();
    server.closeAllConnections();
  });

  it('is refused at once when its name leads into an inner network, and taken while the name is not known yet', async () => {
    const asked = (url: string, ...found: string[]) =>
      leadsInside(new URL(url), () => Promise.resolve(found.map((address) => ({ address }))));
    expect(await asked('https://hooks.example.cn/', '10.1.2.3')).toBe(true);
    expect(await asked('https://hooks.example.cn/', '8.8.8.8', 'fd00::1')).toBe(true);
    expect(await asked('https://hooks.example.cn/', '8.8.8.8')).toBe(false);
    expect(await asked('https://hooks.internal/', '8.8.8.8')).toBe(true);
    expect(await leadsInside(new URL('https://hooks.example.cn/'), () => Promise.reject(new Error('ENOTFOUND')))).toBe(false);
  });

  it('says by a code why nothing arrived, and waits no longer than it may', async () => {
    expect(await sentTo('http://no-such-host.invalid:9')).toEqual({ failure: expect.stringMatching(/^E(NOTFOUND|AI_AGAIN)$/) as string });
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const at = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(await postEvent(at, event, { reach: 'any', timeout: 50 })).toEqual({ failure: 'ETIMEDOUT' });
    silent.close();
  });

  it.each(['http://a b/', 'http://h:99999/', 'no address', ''])('is a failure like any other for %j', async (url) => {
    expect(await sentTo(url)).toEqual({ failure: 'EFAILED' });
  });
});
