import { HearthError } from '#shared/contract/index.ts';
import type { Endpoint } from './context.ts';
import { sendText } from './respond.ts';

const LIFECYCLE_OFF = 'Lifecycle API is not enabled.';

export const healthy: Endpoint = ({ request, response }) => sendText(request, response, 200, 'Hearth is Healthy.\n');

export const ready: Endpoint = async ({ api, request, response, signal }) => {
  try {
    await api.core.request('status.get', {}, { signal });
    await sendText(request, response, 200, 'Hearth is Ready.\n');
  } catch (error) {
    if (!(error instanceof HearthError)) throw error;
    await sendText(request, response, 503, 'Service Unavailable');
  }
};

export const reload: Endpoint = async ({ api, request, response, signal }) => {
  if (!api.enableLifecycle) return sendText(request, response, 403, LIFECYCLE_OFF);
  try {
    await api.core.request('config.reload', {}, { signal });
    return await sendText(request, response, 200, '');
  } catch (error) {
    if (!(error instanceof HearthError)) throw error;
    return sendText(request, response, 500, `failed to reload config: ${describeReload(error)}\n`);
  }
};

function describeReload({ detail, message }: HearthError): string {
  if (detail.kind !== 'config-invalid') return message;
  return detail.problems.map((problem) => `${detail.file}:${problem.line}: ${problem.message}`).join('\n');
}

export const quit: Endpoint = async ({ api, request, response }) => {
  if (!api.enableLifecycle) return sendText(request, response, 403, LIFECYCLE_OFF);
  await sendText(request, response, 200, 'Requesting termination... Goodbye!');
  return api.quit();
};

export const ownMetrics: Endpoint = async ({ api, request, response, signal }) => {
  const { text } = await api.core.request('metrics.text', {}, { signal });
  await sendText(request, response, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
};
