import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where Hearth keeps what is its user's where no flag says: the same on both hosts. */
export interface DataFolders {
  /** prometheus.yml, hearth.yml and the store. */
  readonly data: string;
  /** Preferences and window states. */
  readonly config: string;
}

/** The platform's folders, or all below HEARTH_HOME where that is set (tests, portable installs). */
export function dataFolders(environment: NodeJS.ProcessEnv): DataFolders {
  const home = environment['HEARTH_HOME'];
  if (home !== undefined && home !== '') return { data: join(home, 'data'), config: join(home, 'config') };
  const { data, config } = envPaths('hearth', { suffix: '' });
  return { data, config };
}
