import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { importStream, ImportError, NO_COLUMNS, type ImportBatch } from '#main/transfer/index.ts';
import type { Call, Endpoint } from './context.ts';
import { ApiError, badParameter } from './errors.ts';
import type { ApiRequest } from './request.ts';
import { dataResponse } from './response.ts';

/** Only who has the token may import; or any program of this computer, when a flag has opened the store for writing. */
function requireWrite({ api, caller }: Call): void {
  if (caller.access === 'write') return;
  if (caller.local && (api.enableAdmin || api.enableRemoteWrite)) return;
  throw new ApiError(
    'forbidden',
    'importing needs the session token (Authorization: Bearer), or --web.enable-admin-api on a loopback address',
  );
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

/** The body's bytes without their content encoding; what breaks off or cannot be unpacked throws ApiError. */
async function* bodyOf(request: ApiRequest): AsyncGenerator<Uint8Array> {
  const encoding = (request.header('content-encoding') ?? 'identity').toLowerCase();
  let source: Readable = request.openBody();
  if (encoding !== 'identity') {
    if (!Object.hasOwn(DECODERS, encoding))
      throw new ApiError('bad_data', `Content-Encoding ${JSON.stringify(encoding)} is not known; gzip and zstd are`);
    // The error comes out of the iteration.
    source = pipeline(source, DECODERS[encoding](), () => undefined);
  }
  try {
    for await (const piece of source) yield piece as Buffer;
  } catch (error) {
    throw new ApiError(
      'bad_data',
      `the body cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function formatOf(request: ApiRequest): 'text' | 'openmetrics' {
  return /^application\/openmetrics-text\b/i.test(request.header('content-type') ?? '') ? 'openmetrics' : 'text';
}

/** `POST /api/v1/import/prometheus`: samples of text, of any age and in any order; see docs/protocols/import.md. */
export const importText: Endpoint = async (call) => {
  requireWrite(call);
  const { api, request, parameters, signal } = call;
  const key = parameters.text('key');
  const start = parameters.text('offset') === '' ? 0 : Number(parameters.text('offset'));
  if (!Number.isSafeInteger(start) || start < 0) throw badParameter('offset', 'must be a number of bytes');
  const line = parameters.limit('line');
  const last = parameters.text('last') === 'true';
  const store = async ({ columns, metadata }: Omit<ImportBatch, 'offset'>, offset: number | null) => {
    const mark = key === '' ? {} : { mark: { key, offset } };
    return api.core.request('import.samples', { ...columns, metadata, ...mark }, { signal });
  };
  try {
    const take = (batch: ImportBatch) => store(batch, start + batch.offset);
    const summary = await importStream(bodyOf(request), formatOf(request), api.now(), take, line);
    if (last) await store({ columns: NO_COLUMNS, metadata: [] }, null);
    const { stored, tooOld, lines, series } = summary;
    // VictoriaMetrics answers 204 without a body, and its clients look at the status alone.
    return dataResponse((out) => out.value({ stored, tooOld, lines, series }));
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    throw new ApiError('bad_data', `${error.message}; the ${error.stored} samples before it are stored`);
  }
};

/** `GET /api/v1/import/offset?key=`: how far an interrupted import got. */
export const importOffset: Endpoint = async (call) => {
  requireWrite(call);
  const { api, parameters, signal } = call;
  const key = parameters.text('key');
  if (key === '') throw badParameter('key', 'is missing');
  const { offset } = await api.core.request('import.offset', { key }, { signal });
  return dataResponse((out) => out.value({ offset }));
};
