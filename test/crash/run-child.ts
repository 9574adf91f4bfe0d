import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const CHILD = join(import.meta.dirname, 'ingest-child.ts');

export interface ChildRun {
  readonly said: string;
  /** It came to its end without being killed. */
  readonly finished: boolean;
}

/**
 * Runs the child until it is killed or done.
 * @param before a program and its arguments that start it, such as strace
 * @param started called once it has said something
 */
export async function runChild(
  parameters: readonly (string | number)[],
  options: { readonly before?: readonly string[]; readonly started?: (kill: () => void) => void } = {},
): Promise<ChildRun> {
  const [program, ...words] = [...(options.before ?? []), process.execPath, CHILD, ...parameters.map(String)];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complaint = '';
  let isFirst = true;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (isFirst) options.started?.(() => child.kill('SIGKILL'));
    isFirst = false;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  await once(child, 'close');
  const finished = said.endsWith('done\n');
  if (!finished && child.signalCode !== 'SIGKILL') throw new Error(`the child ended by itself: ${complaint}`);
  return { said, finished };
}

/** Whether strace is here and may trace. */
export function canTrace(): boolean {
  const result = spawnSync('strace', ['-o', '/dev/null', '-e', 'trace=fsync', 'true'], { stdio: 'ignore' });
  return result.error === undefined && result.status === 0;
}
