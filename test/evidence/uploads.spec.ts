import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { sweepUploads } from '../../src/evidence/scratch-storage.js';
import sharp from 'sharp';
import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { until } from '../fixtures/story.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';
import { pdfOf, pdfSaying } from '../fixtures/a-pdf.js';
import { jpeg, jpegOfTwoSizes, photo, png, SECRET } from './pictures.js';

/** A daemon that speaks clamd's INSTREAM: finds the EICAR test text, or says what it is told to say. */
class ScanningDaemon {
  says?: string;
  private constructor(private readonly server: Server) {}
  static async start(): Promise<ScanningDaemon> {
    const server = createServer((socket) => daemon.serve(socket));
    const daemon = new ScanningDaemon(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return daemon;
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  stop(): void {
    this.server.close();
  }
  private serve(socket: Socket): void {
    let got = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      got = Buffer.concat([got, data]);
      const content = streamIn(got);
      if (content)
        socket.end(
          this.says ?? (content.includes('EICAR-STANDARD-ANTIVIRUS-TEST-FILE') ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0'),
        );
    });
  }
}

/** The content once the stream has ended; undefined before. */
function streamIn(got: Buffer): Buffer | undefined {
  if (!got.toString('latin1').startsWith('zINSTREAM\0')) return undefined;
  const parts: Buffer[] = [];
  for (let at = 10; at + 4 <= got.length;) {
    const length = got.readUInt32BE(at);
    if (length === 0) return Buffer.concat(parts);
    parts.push(got.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

describe('an upload', () => {
  let system: System;
  let demo: Demonstration;
  let scanner: ScanningDaemon;
  beforeAll(async () => {
    scanner = await ScanningDaemon.start();
    system = await startSystem({ engine: 'none', settings: { SCANNER_URL: `tcp://127.0.0.1:${scanner.port}`, REQUEST_SECONDS: '2' } });
    demo = await Demonstration.of(system);
  });
  afterEach(() => {
    scanner.says = undefined;
    expect(readdirSync(uploads())).toEqual([]);
  });
  afterAll(async () => {
    await system?.stop();
    scanner.stop();
  });

  const uploads = () => path.join(system.config.dataDir, 'uploads');
  const clerk = () => as(system, demo.holder(acrossCounties(demo)[0].id, 'schoolClerk'));
  const authorization = async () => ((await clerk()) as unknown as { authorization(): Record<string, string> }).authorization();
  async function upload(content: Buffer | string): Promise<{ status: number; body: { id: string; code: string; size: number } }> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), 'a');
    const response = await fetch(`${system.url}/api/v1/evidence`, { method: 'POST', body: form, headers: await authorization() });
    return { status: response.status, body: (await response.json()) as { id: string; code: string; size: number } };
  }

  it('with malware is refused, and none is accepted while the scanner is away or says nothing clear', async () => {
    expect(await upload(pdfOf())).toMatchObject({ status: 201 });
    expect(await upload(pdfSaying('X5O!EICAR-STANDARD-ANTIVIRUS-TEST-FILE!'))).toMatchObject({ status: 422, body: { code: 'malware' } });
    for (const says of ['', 'INSTREAM size limit exceeded. ERROR\0', 'stream: OKAY\0']) {
      scanner.says = says;
      expect(await upload(pdfOf())).toMatchObject({ status: 503, body: { code: 'scanner-unavailable' } });
    }
  });

  it('of an image with more pixels than anybody opens is refused unopened, as is one that is none', async () => {
    expect(await upload(png(50_000, 50_000))).toMatchObject({ status: 422, body: { code: 'image-too-large' } });
    expect(await upload(jpeg(65_000, 65_000))).toMatchObject({ status: 422, body: { code: 'image-too-large' } });
    expect(await upload(jpegOfTwoSizes(0xd0, 100, 60_000))).toMatchObject({ status: 422, body: { code: 'image-too-large' } });
    expect(await upload('\xff\xd8\xff')).toMatchObject({ status: 415 });
    expect(await upload(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
  });

  it('of a photo is kept upright and without anything but its picture', async () => {
    const { status, body } = await upload(await photo());
    expect(status).toBe(201);
    const response = await fetch(`${system.url}/api/v1/evidence/${body.id}`, { headers: await authorization() });
    const kept = Buffer.from(await response.arrayBuffer());
    expect(kept.length).toBe(body.size);
    expect(await sharp(kept).metadata()).toMatchObject({ format: 'jpeg', width: 30, height: 40 });
    expect(kept.toString('latin1')).not.toMatch(SECRET);
  });

  it('is described, shown in a page without running anything, and small as a picture; each is on record', async () => {
    const [picture, pdf] = [(await upload(await photo())).body.id, (await upload(pdfOf())).body.id];
    const get = async (path: string) => fetch(`${system.url}/api/v1/evidence/${path}`, { headers: await authorization() });
    expect(await (await get(`${pdf}/metadata`)).json()).toMatchObject({
      id: pdf,
      name: 'a.pdf',
      type: 'application/pdf',
      pages: 1,
      scan: 'clean',
      uploadedBy: { displayName: expect.any(String) },
      offices: [{ office: 'schoolClerk', organisation: { id: acrossCounties(demo)[0].id } }],
      uploadedAt: expect.stringMatching(/\+08:00$/),
      thumbnail: false,
    });
    expect(await (await get(`${picture}/metadata`)).json()).toMatchObject({ pages: null, thumbnail: true });
    const shown = await get(`${pdf}/content?disposition=inline`);
    expect(shown.headers.get('content-disposition')).toMatch(/^inline; filename="/);
    expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'self'; sandbox");
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get(`${pdf}/content`)).headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    expect((await get(`${pdf}/content?disposition=script`)).status).toBe(422);
    const small = await get(`${picture}/thumbnail`);
    expect(small.headers.get('content-type')).toBe('image/webp');
    const webp = Buffer.from(await small.arrayBuffer());
    expect([webp.toString('latin1', 8, 16), webp.readUInt16LE(26), webp.readUInt16LE(28)]).toEqual(['WEBPVP8 ', 30, 40]);
    expect(await get(`${pdf}/thumbnail`)).toMatchObject({ status: 404 });
    const read = 'select count(*)::int as n from dossier_access where evidence_id = $1';
    expect([await asOwner(system, read, [picture]), await asOwner(system, read, [pdf])]).toEqual([[{ n: 2 }], [{ n: 4 }]]);
  });

  it.each([
    ['five bytes', '%PDF-', 'pdf-unreadable'],
    ['words behind the first bytes', '%PDF-1.7 this is none', 'pdf-unreadable'],
    ['a script', pdfOf({ catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' }), 'pdf-active'],
    ['a password', pdfOf({ more: ['<< /Filter /Standard /V 1 /R 2 >>'], end: '/Encrypt 4 0 R' }), 'pdf-encrypted'],
  ])('of %s under the name of a PDF is refused with its reason', async (_what, content, code) => {
    expect(await upload(content)).toMatchObject({ status: 422, body: { code } });
  });

  it('that does not fit on the disk is answered with 507 and leaves nothing there', async () => {
    const full = uploads();
    rmSync(full, { recursive: true });
    mkdirSync(full);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full]).status === 0;
    if (!mounted) return expect(process.getuid?.()).not.toBe(0); // only root can make a disk that is full
    try {
      expect(await upload(Buffer.concat([Buffer.from('%PDF-1.4 '), Buffer.alloc(300_000, 'x')]))).toMatchObject({
        status: 507,
        body: { code: 'storage-full' },
      });
      await until(() => Promise.resolve(readdirSync(full)), (left) => left.length === 0, 'the rest of it to be gone'); // prettier-ignore
    } finally {
      spawnSync('umount', [full]);
    }
  });

  it('that a client breaks off leaves nothing, and one that trickles in is cut off', async () => {
    const headers = Object.entries(await authorization()).map(([name, value]) => `${name}: ${value}\r\n`);
    const begin = (): Socket => {
      const socket = connect(Number(new URL(system.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      const form = 'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n';
      socket.write(`POST /api/v1/evidence HTTP/1.1\r\nHost: x\r\n${headers.join('')}${form}`);
      socket.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%PDF-1.4 begins');
      return socket;
    };
    const there = () => Promise.resolve(readdirSync(uploads()).length);
    const broken = begin();
    await until(there, (n) => n === 1, 'the upload to begin');
    broken.destroy();
    await until(there, (n) => n === 0, 'its file to be removed');
    const slow = begin();
    const dripping = setInterval(() => slow.write('.'), 200);
    const began = Date.now();
    await once(slow.resume(), 'close');
    clearInterval(dripping);
    expect(Date.now() - began).toBeLessThan(10_000);
    await until(there, (n) => n === 0, 'its file to be removed');
  });

  it('that a killed process left behind is removed after an hour, and no younger one', async () => {
    const [old, young] = ['old', 'young'].map((name) => path.join(uploads(), name)) as [string, string];
    for (const file of [old, young]) writeFileSync(file, 'x');
    const past = Date.now() / 1000 - 3700;
    utimesSync(old, past, past);
    await sweepUploads(uploads(), Date.now());
    expect(readdirSync(uploads())).toEqual(['young']);
    rmSync(young);
    await sweepUploads(path.join(uploads(), 'nowhere'), Date.now());
  });
});
