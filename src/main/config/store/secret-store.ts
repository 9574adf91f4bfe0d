import { randomBytes } from 'node:crypto';
import type { Secret } from '../model.ts';
import type { ConfigFs } from './config-fs.ts';

/** Where secrets are that the configuration names as `hearth-secret:ID`. */
export interface SecretStore {
  /** The secret; null when there is none of that id. */
  get(id: string): Promise<string | null>;
  put(id: string, text: string): Promise<void>;
  delete(id: string): Promise<void>;
}

const PREFIX = 'hearth-secret:';

export function newSecretId(): string {
  return randomBytes(9).toString('base64url');
}

export function secretReference(id: string): Secret {
  return `${PREFIX}${id}`;
}

/** The id that a configuration's text names, or null where it holds the secret itself. */
export function secretId(secret: Secret): string | null {
  return secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : null;
}

/**
 * Makes plain text of what stands in a configuration.
 * @throws Error when a reference leads nowhere
 */
export async function resolveSecret(store: SecretStore, secret: Secret): Promise<string> {
  const id = secretId(secret);
  if (id === null) return secret;
  const text = await store.get(id);
  if (text === null) throw new Error(`the secret ${secret} is not on this computer; enter it again in the settings`);
  return text;
}

/** Secrets in one JSON file that only its owner may read, for hosts without a key store. */
export function fileSecretStore(path: string, fs: ConfigFs): SecretStore {
  // Changes wait for each other, so that none is lost between reading and writing.
  let queue: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Record<string, string>> => {
    const text = await fs.read(path);
    return text === null ? {} : (JSON.parse(text) as Record<string, string>);
  };
  const change = (edit: (secrets: Record<string, string>) => void): Promise<void> => {
    const work = async (): Promise<void> => {
      const secrets = await read();
      edit(secrets);
      await fs.write(path, `${JSON.stringify(secrets, null, 2)}\n`);
    };
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  return {
    get: async (id) => {
      await queue;
      const secrets = await read();
      return Object.hasOwn(secrets, id) ? secrets[id] : null;
    },
    put: (id, text) => change((secrets) => void (secrets[id] = text)),
    delete: (id) => change((secrets) => void delete secrets[id]),
  };
}
