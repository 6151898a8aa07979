import { answering } from '../platform/thread.js';
import { judgedPdf } from './pdf.js';

answering(({ file, mostPixels }: { file: Uint8Array; mostPixels: number }) =>
  judgedPdf(Buffer.from(file.buffer, file.byteOffset, file.byteLength), mostPixels),
);
