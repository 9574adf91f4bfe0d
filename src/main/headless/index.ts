import { realpathSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { dataFolders } from '#main/config/index.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { describeFlags, parseFlags } from './flags.ts';
import { serve } from './serve.ts';
import { readServeOptions } from './serve-options.ts';

/** How long after the start what was compiled is kept for the next one, in ms: a process may be killed later. */
const CODE_KEPT_AFTER = 5000;

const USAGE = `hearth serve [flags]: Hearth without a window; pages and Prometheus's HTTP API on one address.

Without flags it uses the data folder of this account and 127.0.0.1:9099, and watches this computer.

`;

/** The headless host as a program. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseFlags(argv);
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(`${USAGE}${describeFlags()}\n`);
      return 0;
    case 'version':
      process.stdout.write(`hearth, version ${packageJson.version}\n`);
      return 0;
    case 'error':
      process.stderr.write(`hearth serve: ${parsed.message}\n`);
      return 2;
    case 'values':
      break;
  }
  const result = readServeOptions(parsed.values, {
    folders: dataFolders(process.env),
    workingDirectory: process.cwd(),
    version: packageJson.version,
  });
  if (!result.ok) {
    process.stderr.write(`hearth serve: ${result.message}\n`);
    return 2;
  }
  return serve(result.options, {
    now: () => Date.now(),
    noWindow: process.env['HEARTH_NO_WINDOW'] ?? null,
    print: (line) => process.stdout.write(`${line}\n`),
    log: (line) => process.stderr.write(`${line}\n`),
    onSignal: (signal, action) => process.on(signal, action),
    onServing: () => void setTimeout(flushCompileCache, CODE_KEPT_AFTER).unref(),
  });
}

/** Whether this file is what Node was started with, and not imported. */
function isProgram(): boolean {
  const [, script] = process.argv;
  return script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url);
}

if (isProgram()) {
  process.exitCode = await main(process.argv.slice(2));
}
