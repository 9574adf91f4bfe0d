/** A metric name of the old naming scheme: underscores for what it forbids. */
export function legacyMetricName(name: string): string {
  return prefixed(name.replace(/[^a-zA-Z0-9_:]/g, '_'));
}

/** A label name of the old naming scheme. */
export function legacyLabelName(name: string): string {
  return prefixed(name.replace(/[^a-zA-Z0-9_]/g, '_'));
}

function prefixed(name: string): string {
  return /^[0-9]/.test(name) ? `_${name}` : name;
}
