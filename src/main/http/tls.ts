import type { ConnectionOptions, SecureVersion } from 'node:tls';
import { readSecret, readSecretFile } from './credentials.ts';
import type { HttpDeps, TlsSettings } from './settings.ts';

const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

/** Node's TLS options for the settings, files read now. @throws HttpError credentials */
export async function tlsOptions(deps: HttpDeps, tls: TlsSettings): Promise<ConnectionOptions> {
  const options: ConnectionOptions = {};
  const ca = tls.caFile === '' ? tls.ca : await readSecretFile(deps, tls.caFile);
  const cert = tls.certFile === '' ? tls.cert : await readSecretFile(deps, tls.certFile);
  if (ca !== '') options.ca = ca;
  if (cert !== '') options.cert = cert;
  if (tls.key !== '' || tls.keyFile !== '') options.key = await readSecret(deps, tls.key, tls.keyFile);
  if (tls.serverName !== '') options.servername = tls.serverName;
  if (tls.insecureSkipVerify) options.rejectUnauthorized = false;
  if (Object.hasOwn(VERSIONS, tls.minVersion)) options.minVersion = VERSIONS[tls.minVersion];
  if (Object.hasOwn(VERSIONS, tls.maxVersion)) options.maxVersion = VERSIONS[tls.maxVersion];
  return options;
}
