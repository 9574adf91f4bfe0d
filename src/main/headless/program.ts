import { dataFolders } from '#main/config/index.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { describeFlags, parseFlags } from './flags.ts';
import { serve, type ServeEffects } from './serve.ts';
import { readServeOptions } from './serve-options.ts';

const USAGE = `hearth serve [flags]: Hearth without a window; pages and Prometheus's HTTP API on one address.

Without flags it uses the data folder of this account and 127.0.0.1:9099, and watches this computer.

`;

/** What `hearth serve` does with its arguments. @returns the exit code */
export async function runProgram(argv: readonly string[], effects: ServeEffects): Promise<number> {
  const parsed = parseFlags(argv);
  switch (parsed.kind) {
    case 'help':
      effects.print(`${USAGE}${describeFlags()}`);
      return 0;
    case 'version':
      effects.print(`hearth, version ${packageJson.version}`);
      return 0;
    case 'error':
      effects.log(`hearth serve: ${parsed.message}`);
      return 2;
    case 'values':
      break;
  }
  const { env, workingDirectory } = effects.core;
  const result = readServeOptions(parsed.values, {
    folders: dataFolders(env),
    workingDirectory,
    version: packageJson.version,
  });
  if (!result.ok) {
    effects.log(`hearth serve: ${result.message}`);
    return 2;
  }
  return serve(result.options, effects);
}
