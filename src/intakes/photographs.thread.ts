import { answering } from '../platform/thread.js';
import { UnpacksToTooMuch, unpackedFiles, type Unpacked } from '../sheets/unpacked.js';

/** An archive, and how large its files may be. */
export interface Archive {
  readonly file: Uint8Array;
  readonly mostEach: number;
  readonly mostInAll: number;
}

export type Opened = { readonly files: readonly Unpacked[] } | { readonly refused: 'notArchive' | 'tooLarge' };

answering(({ file, mostEach, mostInAll }: Archive) =>
  unpackedFiles(Buffer.from(file.buffer, file.byteOffset, file.byteLength), mostEach, mostInAll).then(
    (files): Opened => ({ files }),
    // Whatever the library throws, it throws because of the file.
    (error: unknown): Opened => ({ refused: error instanceof UnpacksToTooMuch ? 'tooLarge' : 'notArchive' }),
  ),
);
