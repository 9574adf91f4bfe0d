import { quoteGo } from '#shared/model/index.ts';

export type BodyFormat = 'text' | 'openmetrics' | 'protobuf' | 'json' | 'influx';

/** Which format a body is in; `note` tells that a fallback was used, and why. */
export type FormatChoice =
  | { readonly ok: true; readonly format: BodyFormat; readonly note: string | null }
  | { readonly ok: false; readonly message: string };

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

type MediaType = { readonly type: string } | { readonly problem: string };

/** Reads a Content-Type header (RFC 9110) as strictly as Go's `mime.ParseMediaType`. */
function parseMediaType(header: string): MediaType {
  const [head, ...rest] = splitParameters(header);
  const type = head.trim().toLowerCase();
  if (type === '') return { problem: 'mime: no media type' };
  const [major, minor, ...more] = type.split('/');
  if (!TOKEN.test(major)) return { problem: 'mime: no media type' };
  if (minor !== undefined) {
    if (minor === '' || !TOKEN.test(minor[0])) return { problem: 'mime: expected token after slash' };
    if (more.length > 0 || !TOKEN.test(minor)) return { problem: 'mime: unexpected content after media subtype' };
  }
  const seen = new Map<string, string>();
  for (const [i, parameter] of rest.entries()) {
    if (parameter.trim() === '' && i === rest.length - 1) continue;
    const match = /^\s*([^\s=]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*$/s.exec(parameter);
    if (match === null || !TOKEN.test(match[1])) return { problem: 'mime: invalid media parameter' };
    const name = match[1].toLowerCase();
    const value = match[2] ?? match[3];
    if (seen.has(name) && seen.get(name) !== value) return { problem: 'mime: duplicate parameter name' };
    seen.set(name, value);
  }
  return { type };
}

/** Splits at semicolons outside of quotes. */
function splitParameters(header: string): string[] {
  return header.match(/(?:"(?:[^"\\]|\\.)*"|[^;])+|(?<=;)(?=;|$)/gs) ?? [header];
}

const FORMATS: Readonly<Record<string, BodyFormat>> = {
  'text/plain': 'text',
  'application/openmetrics-text': 'openmetrics',
  'application/vnd.google.protobuf': 'protobuf',
};
const JSON_TYPE = /^(?:application|text)\/(?:[^/]+\+)?json$/;

/** Choices made, by fallback and header: targets say the same again and again. */
const choices = new Map<string, FormatChoice>();
const MAX_CHOICES = 256;

/**
 * Chooses the parser by the Content-Type header of an answer. JSON is one where the job names no fallback, which is then
 * what a page of an unknown type is read as.
 * @param fallback media type of the job's `fallback_scrape_protocol`, '' where it has none
 */
export function chooseFormat(header: string, fallback: string): FormatChoice {
  const key = `${fallback}\n${header}`;
  let choice = choices.get(key);
  if (choice === undefined) {
    // Somebody whose header is another one each time must not fill the memory.
    if (choices.size >= MAX_CHOICES) choices.clear();
    choices.set(key, (choice = choiceOf(header, fallback)));
  }
  return choice;
}

function choiceOf(header: string, fallback: string): FormatChoice {
  let problem: string;
  if (header === '') problem = 'non-compliant scrape target sending blank Content-Type';
  else {
    const media = parseMediaType(header);
    if ('problem' in media) problem = `cannot parse Content-Type ${quoteGo(header)} (${media.problem})`;
    else if (Object.hasOwn(FORMATS, media.type)) return { ok: true, format: FORMATS[media.type], note: null };
    else if (fallback === '' && JSON_TYPE.test(media.type)) return { ok: true, format: 'json', note: null };
    else problem = `received unsupported Content-Type ${quoteGo(header)}`;
  }
  if (fallback === '') return { ok: false, message: `${problem} and no fallback_scrape_protocol specified for target` };
  return {
    ok: true,
    format: FORMATS[fallback],
    note: `${problem}, using fallback_scrape_protocol ${quoteGo(fallback)}`,
  };
}
