import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Path of conformance material beside the project, or null (told aloud) where it is not there. */
export function conformancePath(name: string): string | null {
  const path = resolve(import.meta.dirname, '../../../shared/conformance', name);
  if (existsSync(path)) return path;
  console.warn(`skipped: no ${name} in ../shared/conformance`);
  return null;
}
