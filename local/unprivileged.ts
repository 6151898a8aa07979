import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** The user that PostgreSQL runs as, because it refuses root; `{}` when this process is an ordinary user already. */
export interface Identity {
  uid?: number;
  gid?: number;
}

const idOfNobody = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));

export const isRoot = () => process.getuid?.() === 0;

export function unprivileged(): Identity {
  return isRoot() ? { uid: idOfNobody('-u'), gid: idOfNobody('-g') } : {};
}

/** Whether any user may walk into this folder: every folder above it and itself can be searched by others. */
export function openToAll(folder: string): boolean {
  for (let at = realpathSync(folder); ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** Gives a folder and all in it to that user. */
export function giveTo({ uid, gid }: Identity, folder: string): void {
  if (uid === undefined || gid === undefined) return;
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) giveTo({ uid, gid }, at);
    else if (entry.isFile()) chownSync(at, uid, gid);
  }
}
