import { crc32, deflateRawSync } from 'node:zlib';

interface Part {
  readonly name: string;
  readonly content: Buffer;
  /** The size that it declares; its own unless said otherwise. */
  readonly declared?: number;
}

/** A zip archive of these parts; `listed` is how many the end of its directory tells of. */
export function zipOf(parts: readonly Part[], listed = parts.length): Buffer<ArrayBuffer> {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, declared = content.length } of parts) {
    const packed = deflateRawSync(content);
    const head = (signature: number, size: number, from: number) => {
      const made = Buffer.alloc(size);
      made.writeUInt32LE(signature, 0);
      made.writeUInt16LE(8, from + 4); // deflated
      made.writeUInt32LE(crc32(content), from + 10);
      made.writeUInt32LE(packed.length, from + 14);
      made.writeUInt32LE(declared, from + 18);
      made.writeUInt16LE(Buffer.byteLength(name), from + 22);
      return made;
    };
    const line = head(0x02014b50, 46, 6);
    line.writeUInt32LE(at, 42);
    local.push(head(0x04034b50, 30, 4), Buffer.from(name), packed);
    directory.push(line, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(listed, 8);
  end.writeUInt16LE(listed, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...directory, end]);
}
