import {
  EMPTY_JOB_FORM,
  newDiscovery,
  type DiscoveryForm,
  type JobForm,
  type JsonRule,
  type SecretForm,
} from '#shared/contract/index.ts';
import { formatTargetUrl, parseTargetUrl, type TargetUrl } from '#renderer/target-url/index.ts';

/**
 * A job while it is edited: text as typed, right or wrong. One target is one URL; several share scheme, path and
 * parameters and list their addresses.
 */
export interface JobDraft extends Pick<JobForm, (typeof CARRIED)[number]> {
  readonly jobName: string;
  readonly endpoint: EndpointDraft;
  readonly labels: readonly LabelRow[];
}

/** What a draft holds as the form does; `paused` is only carried along: pausing is an edit of its own. */
export const CARRIED = [
  'scrapeInterval',
  'scrapeTimeout',
  'auth',
  'sampleLimit',
  'bodySizeLimit',
  'targetLimit',
  'labelLimit',
  'labelNameLengthLimit',
  'labelValueLengthLimit',
  'honorLabels',
  'honorTimestamps',
  'insecureSkipVerify',
  'tls',
  'proxyUrl',
  'noProxy',
  'proxyFromEnvironment',
  'headers',
  'relabelRules',
  'metricRelabelRules',
  'paused',
  'importance',
  'format',
  'jsonRules',
  'kubeContext',
  'moreGroups',
  'discovery',
] as const satisfies readonly (keyof JobForm)[];

function carried(form: Pick<JobForm, (typeof CARRIED)[number]>): Pick<JobForm, (typeof CARRIED)[number]> {
  return Object.fromEntries(CARRIED.map((key) => [key, form[key]])) as Pick<JobForm, (typeof CARRIED)[number]>;
}

export type EndpointDraft =
  | { readonly kind: 'one'; readonly url: string }
  | {
      readonly kind: 'several';
      readonly addresses: readonly string[];
      readonly scheme: 'http' | 'https';
      readonly path: string;
      readonly params: readonly (readonly [name: string, value: string])[];
    };

export interface LabelRow {
  readonly name: string;
  readonly value: string;
}

/** What a new job looks like before anything is typed. */
export const EMPTY_DRAFT: JobDraft = {
  ...carried(EMPTY_JOB_FORM),
  jobName: '',
  endpoint: { kind: 'one', url: '' },
  labels: [],
};

export function draftOfForm(form: JobForm): JobDraft {
  const [first] = form.targets;
  const endpoint: EndpointDraft =
    form.targets.length === 1
      ? {
          kind: 'one',
          url: formatTargetUrl({ scheme: form.scheme, address: first, path: form.metricsPath, params: form.params }),
        }
      : {
          kind: 'several',
          addresses: form.targets,
          scheme: form.scheme,
          path: form.metricsPath,
          params: form.params,
        };
  return {
    ...carried(form),
    jobName: form.jobName,
    endpoint,
    labels: form.labels.map(([name, value]) => ({ name, value })),
  };
}

/** What is sent to the core. An endpoint that cannot be read goes out as it was typed: the core refuses it by name. */
export function formOfDraft(draft: JobDraft): JobForm {
  const endpoint = resolveEndpoint(draft.endpoint);
  return {
    jobName: draft.jobName.trim(),
    targets: endpoint.addresses,
    scheme: endpoint.scheme,
    metricsPath: endpoint.path,
    params: endpoint.params,
    ...trimmed(draft),
    // A row that was added and never filled is no label, no header, no rule.
    labels: draft.labels
      .filter((row) => row.name !== '' || row.value !== '')
      .map((row) => [row.name.trim(), row.value]),
    headers: draft.headers
      .filter(([name, value]) => name !== '' || value !== '')
      .map(([name, value]) => [name.trim(), value]),
    jsonRules: draft.format === 'json' ? draft.jsonRules.map(withoutEmptyLabels) : [],
    moreGroups: draft.moreGroups
      .map(({ targets, labels }) => ({
        targets: targets.map((target) => target.trim()).filter((target) => target !== ''),
        labels: labels.filter(([name]) => name.trim() !== '').map(([name, value]) => [name.trim(), value] as const),
      }))
      .filter((group) => group.targets.length > 0),
    discovery: draft.discovery.map(withoutBlanks),
  };
}

/** Limits as the file wants them, texts without the blanks around them. */
function trimmed(draft: JobDraft): Pick<JobForm, (typeof CARRIED)[number]> {
  const { tls } = draft;
  return {
    ...carried(draft),
    scrapeInterval: draft.scrapeInterval.trim(),
    scrapeTimeout: draft.scrapeTimeout.trim(),
    sampleLimit: withoutGrouping(draft.sampleLimit),
    bodySizeLimit: withoutGrouping(draft.bodySizeLimit),
    targetLimit: withoutGrouping(draft.targetLimit),
    labelLimit: withoutGrouping(draft.labelLimit),
    labelNameLengthLimit: withoutGrouping(draft.labelNameLengthLimit),
    labelValueLengthLimit: withoutGrouping(draft.labelValueLengthLimit),
    tls: {
      caFile: tls.caFile.trim(),
      certFile: tls.certFile.trim(),
      keyFile: tls.keyFile.trim(),
      serverName: tls.serverName.trim(),
    },
    proxyUrl: draft.proxyUrl.trim(),
    noProxy: draft.noProxy.trim(),
  };
}

function withoutBlanks(discovery: DiscoveryForm): DiscoveryForm {
  const values = Object.entries(discovery.values).map(([key, value]) => {
    if (typeof value === 'string') return [key, value.trim()] as const;
    return [key, isList(value) ? value.map((item) => item.trim()).filter((item) => item !== '') : value] as const;
  });
  return { ...discovery, values: Object.fromEntries(values) };
}

function isList(value: SecretForm | readonly string[]): value is readonly string[] {
  return Array.isArray(value);
}

function withoutEmptyLabels(rule: JsonRule): JsonRule {
  return {
    ...rule,
    labels: rule.labels.filter(([name]) => name.trim() !== '').map(([name, text]) => [name.trim(), text]),
  };
}

function resolveEndpoint(endpoint: EndpointDraft): {
  addresses: readonly string[];
  scheme: 'http' | 'https';
  path: string;
  params: TargetUrl['params'];
} {
  if (endpoint.kind === 'several') {
    const addresses = endpoint.addresses.map((address) => address.trim()).filter((address) => address !== '');
    const path = endpoint.path.trim();
    return { addresses, scheme: endpoint.scheme, path: path === '' ? '/metrics' : path, params: endpoint.params };
  }
  const parsed = parseTargetUrl(endpoint.url);
  if (!parsed.ok) return { addresses: [endpoint.url.trim()], scheme: 'http', path: '/metrics', params: [] };
  return { ...parsed.url, addresses: [parsed.url.address] };
}

/** `10,000` and `10 000` are how people write what the file wants as `10000`. */
function withoutGrouping(text: string): string {
  return text.replaceAll(/[,\s_']/g, '');
}

/** One target becomes several: the URL's parts are shared from now on, and an empty row waits for the next address. */
export function withAnotherTarget(endpoint: EndpointDraft): EndpointDraft {
  if (endpoint.kind === 'several') return { ...endpoint, addresses: [...endpoint.addresses, ''] };
  const { addresses, scheme, path, params } = resolveEndpoint(endpoint);
  return { kind: 'several', addresses: [...addresses, ''], scheme, path, params };
}

/** Without the address at `index`; the last one left becomes a URL again. */
export function withoutTarget(endpoint: EndpointDraft, index: number): EndpointDraft {
  if (endpoint.kind === 'one') return endpoint;
  const addresses = endpoint.addresses.filter((_, i) => i !== index);
  if (addresses.length !== 1) return { ...endpoint, addresses };
  const { scheme, path, params } = endpoint;
  return { kind: 'one', url: formatTargetUrl({ scheme, address: addresses[0], path, params }) };
}

/** The draft with one more way of finding targets; a job that had no address yet is only about these. */
export function withDiscovery(draft: JobDraft, kind: string, taken: ReadonlySet<string>): JobDraft {
  const { endpoint } = draft;
  const blank = endpoint.kind === 'one' && endpoint.url.trim() === '';
  let name = draft.jobName;
  for (let i = 1; name === '' || taken.has(name); i++) name = i === 1 ? kind : `${kind}-${i}`;
  return {
    ...draft,
    jobName: draft.jobName === '' ? name : draft.jobName,
    endpoint: blank ? { kind: 'several', addresses: [], scheme: 'http', path: '/metrics', params: [] } : endpoint,
    discovery: [...draft.discovery, newDiscovery(kind)],
  };
}

/**
 * A pasted URL: what the URL field shows afterwards, and access settings when it carried a user. Null when the text is
 * no URL: then it is pasted as it is.
 */
export function takePastedUrl(draft: JobDraft, text: string): JobDraft | null {
  const parsed = parseTargetUrl(text, 'default');
  if (!parsed.ok) return null;
  const { user, ...url } = parsed.url;
  const next: JobDraft = { ...draft, endpoint: { kind: 'one', url: formatTargetUrl(url) } };
  if (user === null) return next;
  const password: SecretForm = user.password === '' ? { kind: 'none' } : { kind: 'new', text: user.password };
  return { ...next, auth: { type: 'basic', username: user.name, password } };
}
