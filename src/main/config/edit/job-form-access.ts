import type { AuthForm, JobForm, OAuth2Form, SecretForm } from '#shared/contract/index.ts';
import type { JobKeys } from './job-keys.ts';
import { asDesiredMap, asList, asMap, text, truth, type PlainMap, type SecretSink } from './plain-map.ts';
import type { Desired, Plain } from './plain-value.ts';

type Access = Pick<
  JobForm,
  'auth' | 'insecureSkipVerify' | 'tls' | 'proxyUrl' | 'noProxy' | 'proxyFromEnvironment' | 'headers'
>;

/** How a job reaches its targets, as the form shows it. */
export function accessOfJob(job: PlainMap): Access {
  const tls = asMap(job.get('tls_config'));
  return {
    auth: authForm(job),
    insecureSkipVerify: truth(tls.get('insecure_skip_verify'), false),
    tls: {
      caFile: text(tls.get('ca_file')),
      certFile: text(tls.get('cert_file')),
      keyFile: text(tls.get('key_file')),
      serverName: text(tls.get('server_name')),
    },
    proxyUrl: text(job.get('proxy_url')),
    noProxy: text(job.get('no_proxy')),
    proxyFromEnvironment: truth(job.get('proxy_from_environment'), false),
    headers: [...asMap(job.get('http_headers'))].flatMap(([name, header]) =>
      isPlainHeader(header) ? asList(asMap(header).get('values')).map((value) => [name, text(value)] as const) : [],
    ),
  };
}

function isPlainHeader(header: Plain): boolean {
  return onlyKeys(asMap(header), ['values']);
}

function onlyKeys(map: PlainMap, allowed: readonly string[]): boolean {
  return [...map.keys()].every((key) => allowed.includes(key));
}

function secretForm(value: Plain | undefined): SecretForm {
  return text(value) === '' ? { kind: 'none' } : { kind: 'kept' };
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const GRANTS: ReadonlyMap<string, OAuth2Form['grant']> = new Map([
  ['', 'secret'],
  ['client_credentials', 'secret'],
  [JWT_BEARER, 'jwt'],
]);

const OAUTH_TEXTS = [
  ['client_id', 'clientId'],
  ['token_url', 'tokenUrl'],
  ['client_certificate_key_file', 'keyFile'],
  ['client_certificate_key_id', 'keyId'],
  ['iss', 'issuer'],
  ['audience', 'audience'],
  ['signature_algorithm', 'algorithm'],
] as const;
/** What belongs to one grant alone, and goes with it. */
const GRANT_KEYS: Readonly<Record<OAuth2Form['grant'], readonly string[]>> = {
  secret: ['client_secret'],
  jwt: [
    'client_certificate_key',
    'client_certificate_key_file',
    'client_certificate_key_id',
    'iss',
    'audience',
    'signature_algorithm',
  ],
};
const OAUTH_KEYS: readonly string[] = [
  ...OAUTH_TEXTS.map(([key]) => key),
  ...Object.values(GRANT_KEYS).flat(),
  'grant_type',
  'scopes',
];

function authForm(job: PlainMap): AuthForm {
  if (job.has('bearer_token_file')) return { type: 'other' };
  const basic = job.get('basic_auth');
  const authorization = job.get('authorization');
  const oauth2 = job.get('oauth2');
  if (oauth2 instanceof Map) {
    const map = asMap(oauth2);
    const grant = GRANTS.get(text(map.get('grant_type')));
    if (grant === undefined || !onlyKeys(map, OAUTH_KEYS)) return { type: 'other' };
    const texts = Object.fromEntries(OAUTH_TEXTS.map(([key, field]) => [field, text(map.get(key))]));
    return {
      type: 'oauth2',
      grant,
      ...(texts as Record<(typeof OAUTH_TEXTS)[number][1], string>),
      clientSecret: secretForm(map.get('client_secret')),
      key: secretForm(map.get('client_certificate_key')),
      scopes: asList(map.get('scopes'))
        .map((scope) => text(scope))
        .join(' '),
    };
  }
  if (basic instanceof Map) {
    const map = asMap(basic);
    if (!onlyKeys(map, ['username', 'password'])) return { type: 'other' };
    return { type: 'basic', username: text(map.get('username')), password: secretForm(map.get('password')) };
  }
  if (authorization instanceof Map) {
    const map = asMap(authorization);
    const bearer = text(map.get('type'), 'Bearer').trim().toLowerCase() === 'bearer';
    if (!bearer || !onlyKeys(map, ['type', 'credentials'])) return { type: 'other' };
    return { type: 'bearer', token: secretForm(map.get('credentials')) };
  }
  const token = secretForm(job.get('bearer_token'));
  return token.kind === 'none' ? { type: 'none' } : { type: 'bearer', token };
}

/** Says what the form changed of how targets are reached. */
export function setAccess(keys: JobKeys, form: Access, before: Access, sink: SecretSink): void {
  setAuth(keys, form.auth, before.auth, sink);
  setTls(keys, form, before);
  for (const [key, field] of [
    ['proxy_url', 'proxyUrl'],
    ['no_proxy', 'noProxy'],
  ] as const)
    if (form[field] !== before[field]) keys.set(key, form[field] === '' ? undefined : form[field]);
  if (form.proxyFromEnvironment !== before.proxyFromEnvironment)
    keys.set('proxy_from_environment', form.proxyFromEnvironment ? true : undefined);
  if (JSON.stringify(form.headers) !== JSON.stringify(before.headers)) setHeaders(keys, form.headers);
}

const TLS_KEYS = [
  ['ca_file', 'caFile'],
  ['cert_file', 'certFile'],
  ['key_file', 'keyFile'],
  ['server_name', 'serverName'],
] as const;

function setTls(keys: JobKeys, form: Access, before: Access): void {
  const tls = new Map(asDesiredMap(keys.get('tls_config')));
  let changed = form.insecureSkipVerify !== before.insecureSkipVerify;
  if (changed) set(tls, 'insecure_skip_verify', form.insecureSkipVerify ? true : undefined);
  for (const [key, field] of TLS_KEYS) {
    if (form.tls[field] === before.tls[field]) continue;
    changed = true;
    set(tls, key, form.tls[field] === '' ? undefined : form.tls[field]);
  }
  if (changed) keys.set('tls_config', tls.size === 0 ? undefined : tls);
}

function set(map: Map<string, Desired>, key: string, value: Desired | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** Headers with secrets or files stay as they are written. */
function setHeaders(keys: JobKeys, headers: Access['headers']): void {
  const wanted = new Map<string, string[]>();
  for (const [name, value] of headers) wanted.set(name, [...(wanted.get(name) ?? []), value]);
  const all = new Map(asDesiredMap(keys.get('http_headers')));
  for (const [name, header] of all) {
    if (!isPlainHeader(header as Plain)) continue;
    const values = wanted.get(name);
    if (values === undefined) all.delete(name);
  }
  for (const [name, values] of wanted) all.set(name, new Map([['values', values]]));
  keys.set('http_headers', all.size === 0 ? undefined : all);
}

const AUTH_KEYS = ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file', 'oauth2'];

function setAuth(keys: JobKeys, auth: AuthForm, before: AuthForm, sink: SecretSink): void {
  if (auth.type === 'other') return;
  if (auth.type !== before.type) for (const key of AUTH_KEYS) keys.set(key, undefined);
  const same = auth.type === before.type;
  switch (auth.type) {
    case 'none':
      return;
    case 'basic': {
      const basic = new Map(asDesiredMap(keys.get('basic_auth')));
      if (before.type !== 'basic' || auth.username !== before.username) basic.set('username', auth.username);
      setSecret(basic, 'password', auth.password, sink);
      keys.set('basic_auth', basic);
      return;
    }
    case 'oauth2': {
      const oauth2 = new Map(asDesiredMap(keys.get('oauth2')));
      const old = before.type === 'oauth2' ? before : null;
      if (auth.grant !== (old?.grant ?? 'secret')) {
        set(oauth2, 'grant_type', auth.grant === 'jwt' ? JWT_BEARER : undefined);
        for (const key of GRANT_KEYS[auth.grant === 'jwt' ? 'secret' : 'jwt']) oauth2.delete(key);
      }
      for (const [key, field] of OAUTH_TEXTS) {
        if (auth.grant !== 'jwt' && GRANT_KEYS.jwt.includes(key)) continue;
        const typed = auth[field].trim();
        if (typed !== (old?.[field] ?? '')) set(oauth2, key, typed === '' ? undefined : typed);
      }
      if (auth.grant === 'jwt') setSecret(oauth2, 'client_certificate_key', auth.key, sink);
      else setSecret(oauth2, 'client_secret', auth.clientSecret, sink);
      const scopes = auth.scopes.split(/\s+/).filter((scope) => scope !== '');
      if (auth.scopes !== (old?.scopes ?? '')) set(oauth2, 'scopes', scopes.length === 0 ? undefined : scopes);
      keys.set('oauth2', oauth2);
      return;
    }
    case 'bearer': {
      if (auth.token.kind === 'kept' && same) return;
      if (keys.get('bearer_token') !== undefined) {
        const holder = new Map<string, Desired>();
        setSecret(holder, 'bearer_token', auth.token, sink);
        keys.set('bearer_token', holder.get('bearer_token'));
        return;
      }
      const authorization = new Map(asDesiredMap(keys.get('authorization')));
      setSecret(authorization, 'credentials', auth.token, sink);
      if (authorization.size === 0) authorization.set('type', 'Bearer');
      keys.set('authorization', authorization);
    }
  }
}

function setSecret(map: Map<string, Desired>, key: string, secret: SecretForm, sink: SecretSink): void {
  switch (secret.kind) {
    case 'none':
      map.delete(key);
      return;
    case 'kept':
      return;
    case 'new':
      map.set(key, sink(secret.text));
  }
}
