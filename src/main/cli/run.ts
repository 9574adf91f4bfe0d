import { checkConfig, checkRules } from './check-config.ts';
import { checkMetrics } from './check-metrics.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { USAGE, type CommandIo } from './io.ts';
import { query } from './query.ts';

const FORMS = `hearth check config FILE...
hearth check rules FILE...
hearth check metrics < PAGE
hearth check store PATH
hearth repair store PATH
hearth import openmetrics FILE ...
hearth export openmetrics ...
hearth query instant|range|series|labels SERVER ...`;

/** Runs one command of the command line. @returns the exit code */
export async function runCommand(io: CommandIo, argv: readonly string[]): Promise<number> {
  const [command, what, ...rest] = argv;
  switch (['query', 'import', 'export'].includes(command) ? command : `${command} ${what}`) {
    case 'check config':
      return checkConfig(io, rest);
    case 'check rules':
      return checkRules(io, rest);
    // SQLite is only loaded where a store is opened.
    case 'check store':
      return (await import('./store.ts')).checkStoreFile(io, rest);
    case 'repair store':
      return (await import('./store.ts')).repairStoreFile(io, rest);
    case 'check metrics':
      return checkMetrics(io);
    case 'query':
      return query(io, argv.slice(1));
    case 'import':
      return importCommand(io, argv.slice(1));
    case 'export':
      return exportCommand(io, argv.slice(1));
    default:
      io.err(FORMS);
      return USAGE;
  }
}
