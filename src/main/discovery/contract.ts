import type { Millis } from '#shared/model/index.ts';
import type { ConfigFs, TargetGroup } from '#main/config/index.ts';
import type { HttpClient, HttpSettings } from '#main/http/index.ts';

/** One way of finding targets, as one job configures it. */
export interface Discovery {
  /**
   * Looks for targets until `signal` aborts, then settles. Every call of `update` gives all groups that are known now, not only changed
   * ones; before the first call nothing is known. When asking fails, what was known stays and `report` is told.
   */
  run(update: (groups: readonly TargetGroup[]) => void, signal: AbortSignal): Promise<void>;
}

/** What the mechanisms need from their host. */
export interface DiscoveryDeps {
  /** A client with these settings; whoever asks for it closes it. */
  http(settings: HttpSettings): HttpClient;
  /** Resolves after so many milliseconds, or as soon as `signal` aborts. */
  sleep(millis: Millis, signal: AbortSignal): Promise<void>;
  readonly files: Pick<ConfigFs, 'read' | 'glob' | 'watch'>;
  readonly dns: DnsResolver;
  /** The text behind a configured secret that no HTTP settings hold. */
  resolveSecret(secret: string): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly programs: Programs;
  /** The context of a kubeconfig file that is meant; '' for its current one. */
  readonly kubeContext: string;
  now(): Millis;
  /** Why the mechanism could not find out; null when it can again. Names what failed. */
  report(problem: string | null): void;
}

/** Looks names up; empty where the name does not exist. @throws where no server answers */
export interface DnsResolver {
  srv(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>;
  mx(name: string): Promise<readonly { readonly exchange: string }[]>;
  ns(name: string): Promise<readonly string[]>;
  a(name: string): Promise<readonly string[]>;
  aaaa(name: string): Promise<readonly string[]>;
}

/** Runs what other tools bring to log in with: an `exec` entry of a kubeconfig, Azure's command line, a credential_process of AWS. */
export interface Programs {
  /**
   * What the program writes to its standard output. There is no shell between.
   * @throws Error that names the program, when it is not there, fails, writes more than 1 MiB or takes longer than a minute
   */
  run(
    command: string,
    args: readonly string[],
    options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string; readonly signal: AbortSignal },
  ): Promise<string>;
}
