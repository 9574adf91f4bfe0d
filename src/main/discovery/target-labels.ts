import { labelsFromPairs, type Labels } from '#shared/model/index.ts';

/** A target's labels before relabelling: its address and what is known of it; empty values are no labels. */
export function targetLabels(address: string, meta: Readonly<Record<string, string>>): Labels {
  return labelsFromPairs([['__address__', address], ...Object.entries(meta)]);
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort(host: string, port: number | string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The text as a part of a label name: what a name may not hold becomes `_`. */
export function sanitizeLabelName(text: string): string {
  // By code points: one character outside the basic plane is one underscore.
  return text.replace(/[^a-zA-Z0-9_]/gu, '_');
}

/** Labels of a map of free keys: the prefix and the sanitized key. */
export function prefixed(prefix: string, values: Readonly<Record<string, string>> | null | undefined) {
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(values ?? {})) labels[prefix + sanitizeLabelName(key)] = value;
  return labels;
}

/** Texts as one label value that a relabelling rule can look into: with the separator at both ends. */
export function joined(values: readonly string[], separator: string): string {
  return values.length === 0 ? '' : `${separator}${values.join(separator)}${separator}`;
}
