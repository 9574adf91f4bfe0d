import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * The token of this data folder, made at the first start. It stays, so that an open tab or a bookmark works after a
 * restart; delete the file to make a new one. Only its owner can read it.
 */
export async function loadSessionToken(path: string): Promise<string> {
  const found = await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (TOKEN.test(found)) {
    await chmod(path, 0o600);
    return found;
  }
  const token = randomBytes(32).toString('base64url');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return token;
}
