export const PDF = 'application/pdf';

export const MAGIC_BYTES = 16;

const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  [PDF, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

export const MEDIA_TYPES = SIGNATURES.map(([type]) => type);

/** The media type that the content itself shows; what a client claims is not believed. Undefined for what is not accepted as evidence. */
export const mediaTypeOf = (head: Buffer): string | undefined =>
  SIGNATURES.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte))?.[0];
