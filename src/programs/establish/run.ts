import { readFile } from 'node:fs/promises';
import { ENTITIES } from '../../app/entities.js';
import { parsePart } from '../../platform/http/validation.js';
import { Problem } from '../../platform/http/problem.js';
import { systemClock } from '../../platform/clock.js';
import { configOrExit } from '../../platform/config.js';
import { applicationOptions, connected } from '../../platform/database/data-source.js';
import { FieldCipher } from '../../platform/database/field-cipher.js';
import { establish, UnfitRegister, type Established } from './establish.js';
import { Register } from './register.dto.js';

/** `npm run establish -- FILE`: enters organisations and their first administrators; docs/deploy.md describes the file. */
const [file] = process.argv.slice(2);
if (!file) fail('用法 Usage: npm run establish -- FILE');
const config = configOrExit();
const register = await registerIn(file);
const db = await connected(applicationOptions(config.databaseUrl, 1, 'xueji-establish', ENTITIES));
try {
  const deps = { clock: systemClock, cipher: new FieldCipher(config.fieldKey, config.indexKey) };
  process.stdout.write(said(await establish(db, deps, register)));
} catch (error) {
  if (!(error instanceof UnfitRegister)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 65; // EX_DATAERR
} finally {
  await db.destroy();
}

async function registerIn(path: string): Promise<Register> {
  try {
    return parsePart(Register, JSON.parse(await readFile(path, 'utf8')), '');
  } catch (error) {
    const wrong =
      error instanceof Problem ? (error.more.errors ?? []).map(({ pointer, detail }) => `  - ${pointer} ${detail.zh} ${detail.en}`) : [];
    return fail(`机构文件有误 The register can't be read: ${path}\n${wrong.length > 0 ? wrong.join('\n') : (error as Error).message}`);
  }
}

function said({ organisations, administrators }: Established): string {
  const people = administrators.map(({ username, oneTimePassword }) => `  ${username}  ${oneTimePassword}\n`).join('');
  const shown = people
    ? `一次性密码（只显示这一次，七日内有效） One-time passwords, shown this once and good for seven days:\n${people}`
    : '';
  const entered = `新建机构 ${organisations} 个，管理员 ${administrators.length} 人`;
  return `${entered} Entered ${organisations} organisations and ${administrators.length} administrators.\n${shown}`;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(65);
}
