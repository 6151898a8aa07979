import { answering } from '../platform/thread.js';
import { pdfFault } from './pdf.js';

answering(({ file, mostPixels }: { file: Uint8Array; mostPixels: number }) =>
  pdfFault(Buffer.from(file.buffer, file.byteOffset, file.byteLength), mostPixels),
);
