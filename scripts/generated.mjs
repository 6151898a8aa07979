/** What the scripts that write pages of docs/ from the compiled code have in common. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

export const row = (...cells) => `| ${cells.join(' | ')} |`;
export const tableOf = (head, rows) => [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))];

/** Writes docs/NAME.md; with `--check [file]` compares instead, and ends with 1 and the command that renews it when it is stale. */
export function writeOrCheck(name, content) {
  const [flag, given] = process.argv.slice(2);
  const file = given ? path.resolve(given) : path.join(root, 'docs', `${name}.md`);
  if (flag !== '--check') return writeFileSync(file, content);
  if (readFileSync(file, 'utf8') === content) return;
  console.error(`${path.relative(root, file)} is stale: npm run ${name}`);
  process.exit(1);
}
