import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import type { Programs } from './contract.ts';

const TIMEOUT = 60_000;
const MAX_OUTPUT = 1 << 20;

/** Programs of this computer, with the environment that this process has. */
export function systemPrograms(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): Programs {
  return {
    run: (command, args, options) =>
      new Promise((resolve, reject) => {
        const name = basename(command);
        // Command lines that are scripts there (az.cmd) need their interpreter.
        const [file, all] =
          platform === 'win32' && command === 'az' ? ['cmd.exe', ['/c', 'az', ...args]] : [command, args];
        const child = execFile(
          file,
          [...all],
          {
            env: { ...env, ...options.env },
            cwd: options.cwd,
            timeout: TIMEOUT,
            maxBuffer: MAX_OUTPUT,
            windowsHide: true,
            signal: options.signal,
          },
          (error, stdout, stderr) => {
            if (error === null) resolve(stdout);
            else reject(new Error(failure(name, error, stderr), { cause: error }));
          },
        );
        // Nobody is there to answer a question.
        child.stdin?.end();
      }),
  };
}

/** What went wrong, without the command line: it may hold a secret. */
function failure(name: string, error: Error & { code?: unknown; killed?: boolean }, stderr: string): string {
  if (error.code === 'ENOENT') return `${name} is not installed, or not on the PATH that Hearth has`;
  if (error.killed === true) return `${name} took too long`;
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `${name} wrote more than a credential`;
  const said = stderr.replace(/\s+/g, ' ').trim().slice(0, 300);
  return `${name} failed${said === '' ? '' : `: ${said}`}`;
}
