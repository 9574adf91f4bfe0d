import type { MethodResults } from '#shared/contract/index.ts';
import { WireError } from '#main/exposition/index.ts';
import {
  readWriteRequest,
  SnappyError,
  unpackSnappy,
  type WriteRequest,
  type WriteVersion,
} from '#main/remote/index.ts';
import type { Call, Endpoint } from './context.ts';
import { ApiError } from './errors.ts';
import { NO_CONTENT, textResponse, type ApiResponse } from './response.ts';

/** Bytes of a request at most, packed or not. */
const MAX_BYTES = 32 * 1024 * 1024;

const MESSAGES: Readonly<Record<string, WriteVersion>> = {
  'prometheus.WriteRequest': 1,
  'io.prometheus.write.v2.Request': 2,
};

/** The version of the message, or null where the content type names none that is known. */
function versionOf(contentType: string): WriteVersion | null {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim());
  if (type.toLowerCase() !== 'application/x-protobuf') return null;
  const proto = parameters.find((parameter) => parameter.toLowerCase().startsWith('proto='));
  const name = proto === undefined ? 'prometheus.WriteRequest' : proto.slice('proto='.length);
  return Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : null;
}

/** What was refused, in a sentence each. */
function refusals(
  { outOfOrder, duplicate, tooOld }: MethodResults['write.samples'],
  problems: readonly string[],
): string[] {
  const counted: readonly (readonly [count: number, words: string])[] = [
    [outOfOrder, 'out of order sample'],
    [duplicate, 'duplicate sample for timestamp'],
    [tooOld, 'too old sample'],
  ];
  return [...problems, ...counted.filter(([count]) => count > 0).map(([count, words]) => `${words} (${count})`)];
}

async function readRequest(
  { request }: Call,
  version: WriteVersion,
): Promise<WriteRequest | { readonly status: number; readonly message: string }> {
  const encoding = (request.header('content-encoding') ?? 'snappy').toLowerCase();
  if (encoding !== 'snappy') return { status: 415, message: `Content-Encoding ${encoding} is not known; snappy is` };
  try {
    return readWriteRequest(unpackSnappy(await request.readBody(MAX_BYTES), MAX_BYTES), version);
  } catch (error) {
    if (error instanceof SnappyError) return { status: error.kind === 'too-large' ? 413 : 400, message: error.message };
    if (error instanceof WireError || error instanceof ApiError) return { status: 400, message: error.message };
    throw error;
  }
}

/**
 * `POST /api/v1/write`: takes samples sent by remote write 1.0 and 2.0. Refused samples make it 400, which tells the
 * sender not to try again; the others are stored all the same. See docs/protocols/remote-write.md.
 */
export const remoteWrite: Endpoint = async (call) => {
  const { api, request, caller, signal } = call;
  const answer = (status: number, message: string): ApiResponse => textResponse(status, `${message}\n`);
  if (!api.enableRemoteWrite)
    return answer(404, 'remote write receiver needs to be enabled with --web.enable-remote-write-receiver');
  if (!caller.local && caller.access !== 'write') return answer(403, 'remote write needs the session token');
  const version = versionOf(request.header('content-type') ?? 'application/x-protobuf');
  if (version === null)
    return answer(415, `Content-Type is one of application/x-protobuf;proto=${Object.keys(MESSAGES).join(' or ')}`);
  const read = await readRequest(call, version);
  if ('status' in read) return answer(read.status, read.message);
  const { problems, ...columns } = read;
  const outcome = await api.core.request('write.samples', columns, { signal });
  const refused = refusals(outcome, problems);
  const response = refused.length > 0 ? answer(400, refused.join('; ')) : NO_CONTENT;
  if (version === 1) return response;
  const written = {
    'X-Prometheus-Remote-Write-Samples-Written': String(outcome.samples),
    'X-Prometheus-Remote-Write-Histograms-Written': String(outcome.histograms),
    'X-Prometheus-Remote-Write-Exemplars-Written': String(outcome.exemplars),
  };
  return { ...response, headers: { ...response.headers, ...written } };
};
