import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MethodResults } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { STORE_FILE, type Storage } from '#main/storage/index.ts';

/** Copies the store into a folder of its own below `snapshots`, named as Prometheus names them: by time and by chance. */
export async function takeSnapshot(
  storage: Storage,
  dataPath: string,
  now: Millis,
  skipHead: boolean,
): Promise<MethodResults['admin.snapshot']> {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const name = `${time}-${randomBytes(8).toString('hex')}`;
  const path = join(dataPath, 'snapshots', name);
  const file = join(path, STORE_FILE);
  await storage.snapshot(file, { skipHead });
  return { name, path, bytes: (await stat(file)).size };
}
