import { isDeepStrictEqual } from 'node:util';
import { quoteGo } from '#shared/model/index.ts';
import { list } from '../decode/decoder.ts';
import { bool, checkedText, oneOf, string } from '../decode/scalars.ts';
import { field, struct, type Refuse } from '../decode/struct.ts';
import { inlineHttp } from './discovery-common.ts';
import { DEFAULT_HTTP } from './http-client.ts';
import { urlProblem } from './url.ts';

const ROLES = ['node', 'pod', 'service', 'endpoints', 'endpointslice', 'ingress'] as const;
const role = oneOf(ROLES, (text) => `unknown Kubernetes SD role ${quoteGo(text)}`);

/** Which objects' selectors a role may have, in the order the error text lists them. */
const SELECTORS: Readonly<Record<(typeof ROLES)[number], readonly string[]>> = {
  pod: ['pod', 'node'],
  service: ['service'],
  endpointslice: ['pod', 'service', 'endpointslice'],
  endpoints: ['pod', 'service', 'endpoints'],
  node: ['node'],
  ingress: ['ingress'],
};

const selector = struct({
  type: 'kubernetes.SelectorConfig',
  fields: {
    role: field(role),
    label: field(checkedText(labelSelectorProblem)),
    field: field(checkedText(fieldSelectorProblem)),
  },
});

/** Terms of a selector; commas within parentheses (`in (a,b)`) do not part terms. */
function terms(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/).map((term) => term.trim());
}

function fieldSelectorProblem(text: string): string | null {
  const bad = terms(text).find((term) => term !== '' && !/^[^=!]+(==?|!=)(?:[^=,\\]|\\[,=\\])*$/.test(term));
  return bad === undefined ? null : `invalid selector: '${text}'; can't understand '${bad}'`;
}

const KEY = String.raw`(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?`;
const VALUE = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const TERM = new RegExp(
  String.raw`^(?:!?\s*${KEY}|${KEY}\s*(?:==?|!=)\s*${VALUE}|${KEY}\s*[<>]\s*-?\d+|${KEY}\s+(?:not)?in\s*\(\s*${VALUE}(?:\s*,\s*${VALUE})*\s*\))$`,
);

function labelSelectorProblem(text: string): string | null {
  const bad = text.trim() === '' ? undefined : terms(text).find((term) => !TERM.test(term));
  return bad === undefined ? null : `unable to parse requirement: ${quoteGo(bad)}`;
}

const namespaces = struct({
  type: 'kubernetes.plain',
  fields: { own_namespace: field(bool), names: field(list(string)) },
});

const attachMetadata = struct({
  type: 'kubernetes.AttachMetadataConfig',
  fields: {
    node: field(bool),
    namespace: field(bool),
    deployment: field(bool),
    job: field(bool),
    cronjob: field(bool),
  },
});

export const kubernetesSd = struct({
  type: 'kubernetes.plain',
  inline: inlineHttp,
  fields: {
    api_server: field(checkedText(urlProblem)),
    role: field(role),
    kubeconfig_file: field(string),
    namespaces: field(namespaces),
    selectors: field(list(selector)),
    attach_metadata: field(attachMetadata),
  },
  check(kubernetes, refuse) {
    const { apiServer, kubeconfigFile, role } = kubernetes;
    const ownNamespace = kubernetes.namespaces.ownNamespace;
    const customHttp = !isDeepStrictEqual(kubernetes.http, DEFAULT_HTTP);
    if (role === '') refuse('role missing (one of: pod, service, endpoints, endpointslice, node, ingress)', 'role');
    if (apiServer !== '' && kubeconfigFile !== '')
      refuse("cannot use 'kubeconfig_file' and 'api_server' simultaneously", 'kubeconfig_file');
    if (kubeconfigFile !== '' && customHttp)
      refuse("cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
    else if (apiServer === '' && customHttp)
      refuse("to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
    if (apiServer !== '' && ownNamespace)
      refuse("cannot use 'api_server' and 'namespaces.own_namespace' simultaneously", 'namespaces');
    if (kubeconfigFile !== '' && ownNamespace)
      refuse("cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously", 'namespaces');
    if (role !== '') checkSelectors(role, kubernetes.selectors, refuse);
  },
});

function checkSelectors(
  role: (typeof ROLES)[number],
  selectors: readonly { readonly role: string }[],
  refuse: Refuse,
): void {
  const found = new Set<string>();
  for (const selector of selectors) {
    if (found.has(selector.role)) {
      refuse(`duplicated selector role: ${selector.role}`, 'selectors');
      return;
    }
    found.add(selector.role);
    if (!SELECTORS[role].includes(selector.role)) {
      refuse(`${role} role supports only ${SELECTORS[role].join(', ')} selectors`, 'selectors');
      return;
    }
  }
}
