import { HttpError } from './errors.ts';
import type { HeaderSettings, HttpDeps, HttpSettings } from './settings.ts';

/** The text of a file, without the line feed that editors leave. @throws HttpError credentials */
export async function readSecretFile(deps: HttpDeps, path: string): Promise<string> {
  try {
    return (await deps.readFile(path)).trim();
  } catch (error) {
    throw new HttpError('credentials', `unable to read ${path}: ${reason(error)}`, null, { cause: error });
  }
}

/** A secret given in place or in a file. @throws HttpError credentials */
export async function readSecret(deps: HttpDeps, secret: string, file: string): Promise<string> {
  if (file !== '') return readSecretFile(deps, file);
  try {
    return await deps.resolveSecret(secret);
  } catch (error) {
    throw new HttpError('credentials', `unable to resolve secret: ${reason(error)}`, null, { cause: error });
  }
}

/** The value of a configured header. @throws HttpError credentials */
export async function headerValue(deps: HttpDeps, { values, secrets, files }: HeaderSettings): Promise<string> {
  const hidden = secrets.map((secret) => readSecret(deps, secret, ''));
  const read = files.map((file) => readSecretFile(deps, file));
  return [...values, ...(await Promise.all([...hidden, ...read]))].join(', ');
}

/** The Authorization header that the settings call for (OAuth 2 aside), or null. @throws HttpError credentials */
export async function authorizationHeader(deps: HttpDeps, settings: HttpSettings): Promise<string | null> {
  const { basicAuth, authorization } = settings;
  if (basicAuth !== null) {
    const username =
      basicAuth.usernameFile === '' ? basicAuth.username : await readSecretFile(deps, basicAuth.usernameFile);
    const password = await readSecret(deps, basicAuth.password, basicAuth.passwordFile);
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  if (authorization !== null) {
    const credentials = await readSecret(deps, authorization.credentials, authorization.credentialsFile);
    return `${authorization.type} ${credentials}`;
  }
  return null;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
