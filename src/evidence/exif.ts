const EXIF = 'Exif\0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const GPS = 0x8825;
/** Bytes of a value by its TIFF type. */
const WIDTHS = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8] as const;

/**
 * Makes the place unreadable in an APP1 segment of a JPEG or the eXIf chunk of a PNG. The GPS directory is emptied, an XMP packet blanked.
 */
export function withoutPlace(data: Buffer): void {
  const head = data.toString('latin1', 0, XMP.length);
  if (head.startsWith(XMP)) data.fill(0x20, XMP.length);
  else if (head.startsWith(EXIF)) emptyGps(data.subarray(EXIF.length));
  else if (/^(II\*\0|MM\0\*)/.test(head)) emptyGps(data);
}

/** A TIFF structure: a directory of entries of twelve bytes, one of which points to the directory of the place. */
function emptyGps(tiff: Buffer): void {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number => (at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number): number => (at + 4 > tiff.length ? 0 : little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const entries = (directory: number): number[] => Array.from({ length: u16(directory) }, (_, nth) => directory + 2 + nth * 12);
  for (const entry of entries(u32(4)).filter((at) => u16(at) === GPS)) {
    const directory = u32(entry + 8);
    if (directory < 8 || directory + 2 > tiff.length) continue;
    for (const at of entries(directory)) {
      const bytes = (WIDTHS[u16(at + 2)] ?? 8) * u32(at + 4);
      if (bytes > 4) tiff.fill(0, Math.min(u32(at + 8), tiff.length), Math.min(u32(at + 8) + bytes, tiff.length));
    }
    tiff.fill(0, directory, Math.min(directory + 2 + u16(directory) * 12, tiff.length));
  }
}
