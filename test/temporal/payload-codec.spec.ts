import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { EncryptingCodec } from '../../src/temporal/payload-codec.js';
import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

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

describe('a system with a payload key', () => {
  let system: System;
  let story: Story;
  let history: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'server', payloadKey: randomBytes(32) });
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

  it('decodes for the operator in the browser, and for nobody else', async () => {
    const codec = new EncryptingCodec(system.config.payloadKey as Buffer);
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
