import type { DiscoveryDeps } from '../../contract.ts';

/** Settings of one profile, credentials before configuration. */
export type Profile = ReadonlyMap<string, string>;

/** The profile of this name in the files that Amazon's tools share; null where neither file has it. */
export async function readProfile(deps: Pick<DiscoveryDeps, 'env' | 'files'>, name: string): Promise<Profile | null> {
  const { env, files } = deps;
  const home = env.HOME ?? env.USERPROFILE ?? '';
  const config = sections(await files.read(env.AWS_CONFIG_FILE ?? `${home}/.aws/config`));
  const credentials = sections(await files.read(env.AWS_SHARED_CREDENTIALS_FILE ?? `${home}/.aws/credentials`));
  const parts = [config.get(name === 'default' ? name : `profile ${name}`), credentials.get(name)];
  if (parts[0] === undefined && name === 'default') parts[0] = config.get('profile default');
  const found = parts.filter((part) => part !== undefined);
  return found.length === 0 ? null : new Map(found.flatMap((part) => [...part]));
}

/** `[name]` and `key = value` below it; indented lines are nested settings, which nothing here asks for. */
function sections(text: string | null): ReadonlyMap<string, Profile> {
  const all = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of (text ?? '').split(/\r?\n/)) {
    const header = /^\[\s*([^\]]+?)\s*\]/.exec(line);
    if (header !== null) {
      const name = header[1].replace(/\s+/g, ' ');
      section = all.get(name) ?? new Map();
      all.set(name, section);
      continue;
    }
    const setting = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (setting !== null) section.set(setting[1].toLowerCase(), setting[2].replace(/\s[#;].*$/, ''));
  }
  return all;
}
