import { Checkbox, NativeSelect, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuthForm, SecretForm } from '#shared/contract/index.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import type { JobDraft } from './job-draft.ts';
import { SecretField } from './secret-field.tsx';
import { TextField } from './text-field.tsx';

interface AccessFieldsProps {
  readonly draft: JobDraft;
  readonly base: JobDraft | null;
  readonly changed: boolean;
  readonly tlsChanged: boolean;
  readonly usernameProblem: string | null;
  readonly secretProblem: string | null;
  readonly disabled: boolean;
  readonly onChange: (change: (draft: JobDraft) => JobDraft) => void;
}

const OAUTH_TEXTS = ['tokenUrl', 'clientId', 'scopes'] as const;
const JWT_TEXTS = ['keyFile', 'keyId', 'issuer', 'audience'] as const;
const ALGORITHMS = ['RS256', 'RS384', 'RS512'] as const;
const SECRET_NAMES = {
  none: 'token',
  basic: 'password',
  bearer: 'token',
  oauth2: 'clientSecret',
  other: 'token',
} as const;

function withSecret(auth: AuthForm, secret: SecretForm): AuthForm {
  if (auth.type === 'basic') return { ...auth, password: secret };
  if (auth.type === 'bearer') return { ...auth, token: secret };
  if (auth.type !== 'oauth2') return auth;
  return auth.grant === 'jwt' ? { ...auth, key: secret } : { ...auth, clientSecret: secret };
}

/** How Hearth proves who it is to the target. */
export function AccessFields(props: AccessFieldsProps) {
  const { t } = useTranslation('settings');
  const { draft, base, disabled, onChange } = props;
  const { auth } = draft;
  const setAuth = (next: AuthForm): void => onChange((current) => ({ ...current, auth: next }));
  const kinds = [
    { value: 'none', label: t('access.none') },
    { value: 'basic', label: t('access.basic') },
    { value: 'bearer', label: t('access.bearer') },
    { value: 'oauth2', label: t('access.oauth2') },
    // Only there when the file has it: it cannot be made here.
    ...(base?.auth.type === 'other' ? [{ value: 'other', label: t('access.other') }] : []),
  ];
  const keptSecret = secretOf(base?.auth);
  return (
    <>
      <FormRow group label={t('access.kind')} hint={auth.type === 'other' ? t('access.otherHint') : undefined}>
        {({ description }) => (
          <SegmentedControl
            aria-label={t('access.kind')}
            aria-describedby={description}
            data={kinds}
            value={auth.type}
            disabled={disabled}
            className={props.changed ? styles.changed : undefined}
            onChange={(type) => setAuth(base?.auth.type === type ? base.auth : emptyAuth(type as AuthForm['type']))}
          />
        )}
      </FormRow>
      {auth.type === 'basic' && (
        <FormRow label={t('access.username')} problem={props.usernameProblem}>
          {({ input, description }) => (
            <TextField
              id={input}
              describedBy={description}
              value={auth.username}
              onChange={(username) => setAuth({ ...auth, username })}
              changed={props.changed && !(base?.auth.type === 'basic' && base.auth.username === auth.username)}
              invalid={props.usernameProblem !== null}
              disabled={disabled}
            />
          )}
        </FormRow>
      )}
      {auth.type === 'oauth2' && (
        <>
          <FormRow group label={t('access.grant')}>
            {() => (
              <SegmentedControl
                aria-label={t('access.grant')}
                data={[
                  { value: 'secret', label: t('access.grantSecret') },
                  { value: 'jwt', label: t('access.grantJwt') },
                ]}
                value={auth.grant}
                disabled={disabled}
                onChange={(grant) => setAuth({ ...auth, grant })}
              />
            )}
          </FormRow>
          {[...OAUTH_TEXTS, ...(auth.grant === 'jwt' ? JWT_TEXTS : [])].map((name) => (
            <FormRow key={name} label={t(`access.${name}`)}>
              {({ input, description }) => (
                <TextField
                  id={input}
                  describedBy={description}
                  value={auth[name]}
                  onChange={(text) => setAuth({ ...auth, [name]: text })}
                  changed={props.changed && !(base?.auth.type === 'oauth2' && base.auth[name] === auth[name])}
                  invalid={false}
                  disabled={disabled}
                />
              )}
            </FormRow>
          ))}
          {auth.grant === 'jwt' && (
            <FormRow label={t('access.algorithm')}>
              {({ input }) => (
                <NativeSelect
                  id={input}
                  size="xs"
                  w={124}
                  data={[...ALGORITHMS]}
                  value={auth.algorithm === '' ? 'RS256' : auth.algorithm}
                  disabled={disabled}
                  onChange={(event) => setAuth({ ...auth, algorithm: event.currentTarget.value })}
                />
              )}
            </FormRow>
          )}
        </>
      )}
      {secretOf(auth) !== null && (
        <FormRow
          label={t(`access.${auth.type === 'oauth2' && auth.grant === 'jwt' ? 'key' : SECRET_NAMES[auth.type]}`)}
          problem={props.secretProblem}
          hint={secretOf(auth)?.kind === 'kept' ? t('access.keptHint') : t('access.secretHint')}
        >
          {({ input, description }) => (
            <SecretField
              id={input}
              describedBy={description}
              value={secretOf(auth) ?? { kind: 'none' }}
              kept={base?.auth.type === auth.type && keptSecret?.kind === 'kept'}
              onChange={(secret) => setAuth(withSecret(auth, secret))}
              invalid={props.secretProblem !== null}
              disabled={disabled}
            />
          )}
        </FormRow>
      )}
      {(usesTls(draft) || draft.insecureSkipVerify) && (
        <FormRow label={t('access.tls')} group>
          {() => (
            <div className={`${styles.line} ${props.tlsChanged ? styles.changed : ''}`}>
              <Checkbox
                label={t('access.insecure')}
                checked={draft.insecureSkipVerify}
                disabled={disabled}
                onChange={(event) => {
                  const { checked } = event.currentTarget;
                  onChange((current) => ({ ...current, insecureSkipVerify: checked }));
                }}
              />
            </div>
          )}
        </FormRow>
      )}
    </>
  );
}

function usesTls({ endpoint }: JobDraft): boolean {
  return endpoint.kind === 'one' ? /^https:/i.test(endpoint.url.trim()) : endpoint.scheme === 'https';
}

function emptyAuth(type: AuthForm['type']): AuthForm {
  switch (type) {
    case 'none':
      return { type: 'none' };
    case 'basic':
      return { type: 'basic', username: '', password: { kind: 'none' } };
    case 'bearer':
      return { type: 'bearer', token: { kind: 'none' } };
    case 'oauth2':
      return {
        type: 'oauth2',
        grant: 'secret',
        clientId: '',
        clientSecret: { kind: 'none' },
        tokenUrl: '',
        scopes: '',
        key: { kind: 'none' },
        keyFile: '',
        keyId: '',
        issuer: '',
        audience: '',
        algorithm: '',
      };
    case 'other':
      return { type: 'other' };
  }
}

function secretOf(auth: AuthForm | undefined): SecretForm | null {
  if (auth?.type === 'basic') return auth.password;
  if (auth?.type === 'oauth2') return auth.grant === 'jwt' ? auth.key : auth.clientSecret;
  return auth?.type === 'bearer' ? auth.token : null;
}
