import { join, resolve } from 'node:path';
import { parseDuration, type Millis } from '#shared/model/index.ts';
import { retentionFlagProblem } from '#main/config/index.ts';
import type { CoreOptions } from '#main/core/index.ts';
import { parseListenAddress, type ListenAddress } from '#main/web/index.ts';
import { featuresWithoutEffect, flagsWithoutEffect } from './without-effect.ts';
import { FLAGS, type FlagValues } from './flags.ts';

export interface ServeOptions {
  readonly core: CoreOptions;
  readonly listen: readonly ListenAddress[];
  readonly externalUrl: URL | null;
  readonly enableLifecycle: boolean;
  readonly enableAdmin: boolean;
  readonly enableRemoteWrite: boolean;
  readonly openAccess: boolean;
  /** What was asked for and has no effect, a sentence each; for the log. */
  readonly withoutEffect: readonly string[];
  readonly maxConnections: number;
  readonly readTimeout: Millis;
  /** All flags with the values that count, for `/api/v1/status/flags`. */
  readonly flags: Readonly<Record<string, string>>;
  /** Where the session token is kept. */
  readonly tokenPath: string;
}

/** Where a person's data go when no flag says. */
export interface PlatformFolders {
  readonly data: string;
  readonly config: string;
}

export type ServeOptionsResult =
  { readonly ok: true; readonly options: ServeOptions } | { readonly ok: false; readonly message: string };

class FlagError extends Error {}

/** Turns flags into options. `environment` is what the host knows of the system. */
export function readServeOptions(
  values: FlagValues,
  environment: { readonly folders: PlatformFolders; readonly workingDirectory: string; readonly version: string },
): ServeOptionsResult {
  const one = (name: string): string => values.get(name)?.[0] ?? FLAGS[name].value;
  const isOn = (name: string): boolean => one(name) === 'true';
  const path = (text: string): string => resolve(environment.workingDirectory, text);
  const duration = (name: string): Millis => {
    const millis = parseDuration(one(name));
    if (millis === null) throw new FlagError(`--${name} is a duration such as 5m, not ${JSON.stringify(one(name))}`);
    return millis;
  };
  const count = (name: string): number => {
    const text = one(name).replaceAll('_', '');
    const number = Number(text);
    if (!/^\d+(?:\.\d+)?(?:e\d+)?$/i.test(text) || !Number.isSafeInteger(number) || number <= 0)
      throw new FlagError(`--${name} is a whole number above 0, not ${JSON.stringify(one(name))}`);
    return number;
  };
  const choice = <T extends string>(name: string, allowed: readonly T[]): T => {
    const found = allowed.find((value) => value === one(name).toLowerCase());
    if (found === undefined)
      throw new FlagError(`--${name} is one of ${allowed.join(', ')}, not ${JSON.stringify(one(name))}`);
    return found;
  };
  try {
    const listen = (values.get('web.listen-address') ?? [FLAGS['web.listen-address'].value]).map((text) => {
      const address = parseListenAddress(text);
      if (address === null) throw new FlagError(`--web.listen-address is host:port, not ${JSON.stringify(text)}`);
      return address;
    });
    const externalText = one('web.external-url');
    const externalUrl = externalText === '' ? null : readUrl(externalText);
    const retention = { time: one('storage.tsdb.retention.time'), size: one('storage.tsdb.retention.size') };
    const retentionProblem = retentionFlagProblem(retention);
    if (retentionProblem !== null) throw new FlagError(retentionProblem);
    const configNamed = values.has('config.file');
    const dataNamed = values.has('storage.tsdb.path');
    const dataPath = dataNamed ? path(one('storage.tsdb.path')) : join(environment.folders.data, 'data');
    // With a store of its own, a run touches nothing of the account's.
    const ownFolder = dataNamed ? dataPath : environment.folders.data;
    const configPath = configNamed ? path(one('config.file')) : join(ownFolder, 'prometheus.yml');
    const core: CoreOptions = {
      host: 'headless',
      version: environment.version,
      configPath,
      configNamed,
      dataPath,
      preferencesPath: dataNamed ? dataPath : environment.folders.config,
      retention,
      lookback: duration('query.lookback-delta'),
      queryTimeout: duration('query.timeout'),
      maxSamples: count('query.max-samples'),
      maxConcurrency: count('query.max-concurrency'),
      features: (values.get('enable-feature') ?? []).flatMap((text) => text.split(',')).filter((text) => text !== ''),
      externalUrl: externalUrl?.href ?? '',
      ownPorts: listen.map(({ port }) => port),
      log: {
        level: choice('log.level', ['debug', 'info', 'warn', 'error']),
        format: choice('log.format', ['logfmt', 'json']),
      },
    };
    const flags: Record<string, string> = {};
    for (const name of Object.keys(FLAGS)) flags[name] = (values.get(name) ?? [FLAGS[name].value]).join(',');
    Object.assign(flags, { 'config.file': configPath, 'storage.tsdb.path': dataPath });
    return {
      ok: true,
      options: {
        core,
        listen,
        externalUrl,
        enableLifecycle: isOn('web.enable-lifecycle'),
        enableAdmin: isOn('web.enable-admin-api'),
        enableRemoteWrite: isOn('web.enable-remote-write-receiver'),
        openAccess: isOn('web.open-access'),
        withoutEffect: [...flagsWithoutEffect(values), ...featuresWithoutEffect(core.features)],
        maxConnections: count('web.max-connections'),
        readTimeout: duration('web.read-timeout'),
        flags,
        tokenPath: join(dataPath, 'session-token'),
      },
    };
  } catch (error) {
    if (error instanceof FlagError) return { ok: false, message: error.message };
    throw error;
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new FlagError(`--web.external-url is an http or https address, not ${JSON.stringify(text)}`);
  return url;
}
