import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { demoId } from '../../demo/demo-id.js';
import { namePlace } from '../../evidence/file-name.js';
import { sha256Of, storeContent } from '../../evidence/vault.js';
import { insertRows } from '../../platform/database/insert-rows.js';
import type { Stage } from './stage.js';

/** A file of the demonstration: its content is stored in the folder of data, and its row says which account uploaded it. */
export interface DemoFile {
  readonly id: string;
  readonly name: string;
  readonly type: 'application/pdf' | 'image/jpeg';
  readonly content: Buffer;
  readonly username: string;
}

/** Stores files and enters their rows, by one statement. */
export async function keepPapers(stage: Stage, dataDir: string, papers: readonly DemoFile[], uploadedAt: number): Promise<void> {
  const { cipher } = stage.context;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const stored = papers.map((paper) => ({ ...paper, sha256: sha256Of(paper.content) }));
  await Promise.all(
    stored.map(({ sha256, content }) => storeContent(cipher, dataDir, path.join(dataDir, `${randomUUID()}.sealed`), sha256, content)),
  );
  await insertRows(
    stage.tx,
    'evidence',
    stored.map(({ id, name, type, content, username, sha256 }) => {
      const { personId, offices } = stage.actor(username);
      const nameCipher = cipher.encrypt(name, namePlace(id));
      const organisationIds = offices.map(({ organisationId }) => organisationId);
      return {
        id,
        sha256,
        size: content.length,
        type,
        nameCipher,
        uploadedBy: personId,
        organisationIds,
        uploadedAt: new Date(uploadedAt),
      };
    }),
  );
}

const NAMES = ['申请表（演示）.pdf', '证明材料（演示）.pdf'];
export const paperIds = (code: string): string[] => NAMES.map((_, nth) => demoId('evidence', `${code}/${nth}`));

/** Two files of a school, each a page that says what it stands for: a visitor who opens it sees that it is none. */
export const papersOf = (code: string): DemoFile[] =>
  NAMES.map((name, nth) => ({
    id: paperIds(code)[nth] ?? '',
    name,
    type: 'application/pdf',
    content: onePage(`Demonstration: file ${nth + 1} of school ${code}`),
    username: `clerk.${code}`,
  }));

function onePage(line: string): Buffer {
  const drawn = `BT /F1 16 Tf 72 760 Td (${line}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${drawn.length}>>stream\n${drawn}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let body = '%PDF-1.4\n';
  const places = objects.map((object, nth) => {
    const at = body.length;
    body += `${nth + 1} 0 obj${object}endobj\n`;
    return at;
  });
  const rows = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + table, 'latin1');
}
