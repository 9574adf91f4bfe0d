import { HearthError } from '#shared/contract/index.ts';
import type { Endpoint } from './context.ts';
import { textResponse } from './response.ts';

const LIFECYCLE_OFF = 'Lifecycle API is not enabled.';

export const healthy: Endpoint = () => textResponse(200, 'Hearth is Healthy.\n');

export const ready: Endpoint = async ({ api, signal }) => {
  try {
    await api.core.request('status.get', {}, { signal });
    return textResponse(200, 'Hearth is Ready.\n');
  } catch (error) {
    if (!(error instanceof HearthError)) throw error;
    return textResponse(503, 'Service Unavailable');
  }
};

export const reload: Endpoint = async ({ api, signal }) => {
  if (!api.enableLifecycle) return textResponse(403, LIFECYCLE_OFF);
  try {
    await api.core.request('config.reload', {}, { signal });
    return textResponse(200, '');
  } catch (error) {
    if (!(error instanceof HearthError)) throw error;
    return textResponse(500, `failed to reload config: ${describeReload(error)}\n`);
  }
};

function describeReload({ detail, message }: HearthError): string {
  if (detail.kind !== 'config-invalid') return message;
  return detail.problems.map((problem) => `${detail.file}:${problem.line}: ${problem.message}`).join('\n');
}

export const quit: Endpoint = ({ api }) => {
  if (!api.enableLifecycle) return textResponse(403, LIFECYCLE_OFF);
  // Connections that wait for an answer are closed last.
  api.quit();
  return textResponse(200, 'Requesting termination... Goodbye!');
};

export const ownMetrics: Endpoint = async ({ api, signal }) => {
  const { text } = await api.core.request('metrics.text', {}, { signal });
  return textResponse(200, text, 'text/plain; version=0.0.4; charset=utf-8');
};
