import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { EncryptingCodec } from '../../src/platform/temporal/payload-codec.js';
import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

const UI = 'https://temporal.example.cn';
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const valueOf = (one: Payload | undefined): unknown => one && defaultPayloadConverter.fromPayload(one);

describe('the payload codec (invariant 6)', () => {
  const codec = new EncryptingCodec(randomBytes(32));

  it('gives back what it encrypted, and shows nothing of it meanwhile', async () => {
    const [sealed] = await codec.encode([payload({ name: '杭州市余杭区' })]);
    expect(Buffer.from(sealed?.data ?? []).toString()).not.toContain('余杭');
    expect(valueOf((await codec.decode([sealed as Payload]))[0])).toEqual({ name: '杭州市余杭区' });
  });

  it('leaves plain payloads readable, from before the key was set', async () => {
    expect(valueOf((await codec.decode([payload('plain')]))[0])).toBe('plain');
  });

  it('refuses what another key encrypted or somebody altered', async () => {
    const [sealed] = (await codec.encode([payload('x')])) as [Payload];
    await expect(async () => new EncryptingCodec(randomBytes(32)).decode([sealed])).rejects.toThrow('which is not configured');
    const data = Buffer.from(sealed.data ?? []);
    data[data.length - 1] = (data.at(-1) ?? 0) ^ 1;
    await expect(async () => codec.decode([{ ...sealed, data }])).rejects.toThrow();
  });
});

describe('a change of the payload key', () => {
  it('writes with the first key and still reads what the others wrote', async () => {
    const [before, after] = [randomBytes(32), randomBytes(32)];
    const both = new EncryptingCodec([after, before]);
    const [old] = await new EncryptingCodec(before).encode([payload('old')]);
    const [fresh] = await both.encode([payload('new')]);
    expect((await both.decode([old as Payload, fresh as Payload])).map(valueOf)).toEqual(['old', 'new']);
    await expect(new EncryptingCodec(before).decode([fresh as Payload])).rejects.toThrow('which is not configured');
  });
});

describe('a system with a payload key', () => {
  let system: System;
  let story: Story;
  let history: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'server', payloadKey: randomBytes(32), settings: { TEMPORAL_UI_ORIGIN: UI } });
    const demo = await Demonstration.of(system);
    story = await Story.transfer(system, demo, acrossCounties(demo));
    await story.approveAll();
    const { number } = await story.show();
    const handle = system.client.workflow.getHandle(`transfer/${number}`);
    await handle.result();
    history = JSON.stringify(await handle.fetchHistory(), (_, value: unknown) =>
      isBytes(value) ? Buffer.from(value.data).toString('latin1') : value,
    );
  });
  afterAll(() => system?.stop());

  const isBytes = (value: unknown): value is { data: number[] } =>
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';

  it('carries a case to its end, with no id or school of it readable in the history', () => {
    expect(history.length).toBeGreaterThan(5000);
    for (const plain of [story.id, story.source.id, story.destination.id, 'approved']) expect(history).not.toContain(plain);
  });

  it('lets the pages of the Temporal UI ask from a browser, on that route alone, and no other origin', async () => {
    const ask = async (origin: string, path = '/codec/decode', method = 'OPTIONS') => {
      const { status, headers } = await fetch(`${system.url}/api/v1${path}`, { method, headers: { Origin: origin } });
      return { status, allowed: headers.get('access-control-allow-origin') };
    };
    expect(await ask(UI)).toEqual({ status: 204, allowed: UI });
    expect(await ask(UI, '/codec/decode', 'POST')).toEqual({ status: 401, allowed: UI });
    for (const origin of ['https://evil.example', 'null', `${UI}.evil`]) expect((await ask(origin)).allowed).toBeNull();
    expect((await ask(UI, '/me', 'GET')).allowed).toBeNull();
  });

  it('refuses what is no list of payloads, or sealed with a key that it has not', async () => {
    const operator = await as(system, 'operator');
    const [strange] = await new EncryptingCodec(randomBytes(32)).encode([payload('x')]);
    const metadata = Object.fromEntries(
      Object.entries(strange?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    );
    const foreign = { metadata, data: Buffer.from(strange?.data ?? []).toString('base64') };
    for (const body of [{}, { payloads: 1 }, { payloads: ['x'] }, { payloads: [foreign] }])
      expect(await operator.post('/codec/decode', body)).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
  });

  it('decodes for the operator in the browser, and for nobody else', async () => {
    const codec = new EncryptingCodec(system.config.payloadKey ?? []);
    const [sealed] = (await codec.encode([payload('等待')])) as [Payload];
    const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
    const metadata = Object.fromEntries(Object.entries(sealed.metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)]));
    const body = { payloads: [{ metadata, data: base64(sealed.data) }] };
    const { status, body: decoded } = await (await as(system, 'operator')).post('/codec/decode', body);
    expect(status).toBe(200);
    expect(Buffer.from(decoded.payloads[0].data, 'base64').toString()).toBe('"等待"');
    expect((await story.filer.post('/codec/decode', body)).status).toBe(403);
  });
});
