import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createReader, ExpositionError, type BodyFormat, type BodyReader } from '#main/exposition/index.ts';
import { labelsKey } from '#shared/model/index.ts';
import { random } from './random.ts';

/**
 * Bytes flipped, cut and moved in real bodies: a reader never crashes, never hangs, and gives for a body after others
 * what it gives for it alone. HEARTH_FUZZ_CASES sets how many (a million in the nightly run), HEARTH_FUZZ_SEED where to
 * start.
 */
const CASES = Number(process.env['HEARTH_FUZZ_CASES'] ?? 20_000);
const SEED = Number(process.env['HEARTH_FUZZ_SEED'] ?? 1);

const OWN_TEXT = `# HELP http_requests_total Requests, by \\"code\\".
# TYPE http_requests_total counter
http_requests_total{code="200",path="/a b"} 1027 1395066363000
http_requests_total{code="400",path="C:\\\\x\\n"} 3
{"my.metric",a="b"} 1e9
# TYPE h histogram
h_bucket{le="0.5"} 1
h_bucket{le="+Inf"} 2
h_sum -0.25
h_count 2
up 1
nan_value NaN
`;
const OWN_OPENMETRICS = `# TYPE x counter
# HELP x text
# UNIT x_seconds seconds
x_total{a="b"} 17 1700000000.5 # {trace="abc"} 4 1700000000.25
x_created{a="b"} 1.7e9
# TYPE g gauge
g{q="1",} -Inf
# EOF
`;

const OWN_JSON = JSON.stringify([
  { name: 'a', value: 1, labels: { b: 'c', d: 7 }, timestamp: 1700000000 },
  { name: 'a.b', value: '-Inf', labels: {}, type: 'gauge', help: 'Text "x"\\n' },
  { metric: 'c', value: true, tags: { k: null }, time: '2023-11-14T22:13:20Z' },
]);
const OWN_JSON_OBJECT =
  '{"load":0.5,"up":true,"disk":[{"value":1,"labels":{"d":"sda"}},{"value":2e3}],"t":{"value":-1.5}}';
const OWN_INFLUX = `cpu,host=a,core=0 usage=0.64,idle=36i,on=t 1700000000123456789
# comment
mem used=7u,free=-1.5e3
my\\ m,t\\=a=v\\,l f="x \\"y",value=2 1700000000
`;

interface Seed {
  readonly format: BodyFormat;
  readonly body: Buffer;
}

const OWN_SEEDS = 5;

/** Real bodies where they are at hand, cut to their first lines so that many cases fit into a second. */
function seeds(): readonly Seed[] {
  const own: Seed[] = [
    { format: 'text', body: Buffer.from(OWN_TEXT) },
    { format: 'openmetrics', body: Buffer.from(OWN_OPENMETRICS) },
    ...[OWN_JSON, OWN_JSON_OBJECT].map((body): Seed => ({ format: 'json', body: Buffer.from(body) })),
    { format: 'influx', body: Buffer.from(OWN_INFLUX) },
  ];
  const folder = resolve(import.meta.dirname, '../../../shared/fixtures/scrapes');
  if (!existsSync(folder)) {
    console.warn('SKIPPED: fuzzing of recorded scrapes: no ../shared/fixtures/scrapes');
    return own;
  }
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.br'))) {
    const raw = brotliDecompressSync(readFileSync(resolve(folder, file)));
    const head = raw.indexOf(10);
    const size = Number(raw.toString('latin1', 0, head).split(' ')[1]);
    const body = raw.subarray(head + 1, head + 1 + size);
    for (let at = 0; at < size; at += 7919) {
      const start = body.indexOf(10, at) + 1;
      const end = body.indexOf(10, Math.min(start + 700, size - 1)) + 1;
      if (start > 0 && end > start) own.push({ format: 'text', body: Buffer.from(body.subarray(start, end)) });
    }
  }
  for (const file of readdirSync(resolve(folder, 'formats'))) {
    const body = readFileSync(resolve(folder, 'formats', file));
    // Whole families only: the first bytes say how long each is.
    let end = 0;
    while (end < 1500) end += body[end] < 128 ? body[end] + 1 : (body[end] & 127) + body[end + 1] * 128 + 2;
    own.push({ format: 'protobuf', body: body.subarray(0, end) });
  }
  return own;
}

const BYTES = Buffer.from('{}"\\=,# \t\n\r\0\x7f09.eE+-NaIzZ_:\xff\xc3\xa9', 'latin1');

function mutate(body: Buffer, next: () => number): Buffer {
  const copy = Buffer.from(body);
  const at = (): number => Math.floor(next() * copy.length);
  const changes = 1 + Math.floor(next() * 4);
  for (let i = 0; i < changes; i++) {
    const kind = next();
    if (kind < 0.6) copy[at()] = BYTES[Math.floor(next() * BYTES.length)];
    else if (kind < 0.75) copy[at()] = Math.floor(next() * 256);
    else if (kind < 0.9) {
      const from = at();
      copy.copyWithin(at(), from, Math.min(copy.length, from + Math.floor(next() * 60)));
    } else return copy.subarray(0, at());
  }
  return copy;
}

function outcome(reader: BodyReader, body: Uint8Array): string {
  try {
    const parsed = reader.read(body);
    let text = '';
    for (let i = 0; i < parsed.count; i++)
      text += `${labelsKey(reader.labelsOf(i))} ${parsed.values[i]} ${parsed.times?.[i]}\n`;
    return text;
  } catch (error) {
    if (error instanceof ExpositionError) return `line ${error.line}: ${error.message}`;
    throw error;
  }
}

/** Lines that the classic grammar allows, said in another way than the parser says it. */
const NAME = String.raw`[a-zA-Z_:][a-zA-Z0-9_:]*`;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const PAIR = String.raw`(?:[a-zA-Z_][a-zA-Z0-9_]*|${STRING})[ \t]*=[ \t]*${STRING}`;
const ITEM = String.raw`(?:${PAIR}|${STRING})`;
const BRACES = String.raw`\{[ \t]*(?:${ITEM}(?:[ \t]*,[ \t]*${ITEM}|[ \t]*${ITEM})*[ \t]*,?[ \t]*)?\}`;
const VALUE = String.raw`(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|[nN][aA][nN])`;
const SAMPLE = new RegExp(
  String.raw`^[ \t]*(?:${NAME}[ \t]*${BRACES}[ \t]*|${BRACES}[ \t]*|${NAME}[ \t]+)${VALUE}(?:[ \t]+-?\d+)?[ \t]*$`,
  's',
);

/** Lines of line protocol without quotes, said in another way than the parser says it. */
const KEY = String.raw`(?:[^\\,= \t\r\n]|\\[^\n\r]|\\$)+`;
const FIELD = String.raw`${KEY}=(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?\d+i|\d+u|t|T|true|True|TRUE|f|F|false|False|FALSE)`;
const POINT = new RegExp(
  String.raw`^[ \t\r]*(?:[^\\, \t\r\n]|\\[^\n\r]|\\$)+(?:,${KEY}=${KEY})* +${FIELD}(?:,${FIELD})*(?: +(?:-?\d+)?[ \t]*)?\r?$`,
);

describe('fuzzing', () => {
  const all = seeds();

  test(`${CASES} changed bodies`, () => {
    const next = random(SEED);
    const readers = new Map<Seed, BodyReader>();
    const wrong: string[] = [];
    let accepted = 0;
    for (let i = 0; i < CASES; i++) {
      // Recorded bodies are many: the formats written here get their share.
      const seed = next() < 0.3 ? all[Math.floor(next() * OWN_SEEDS)] : all[Math.floor(next() * all.length)];
      let reader = readers.get(seed);
      // A reader of many bodies, renewed now and then, against one that has seen nothing.
      if (reader === undefined || next() < 0.01) {
        reader = createReader(seed.format);
        reader.read(seed.body);
        readers.set(seed, reader);
      }
      const body = mutate(seed.body, next);
      const after = outcome(reader, body);
      const alone = outcome(createReader(seed.format), body);
      if (after !== alone) wrong.push(`case ${i}: after others\n${after}\nalone\n${alone}`);
      if (after.startsWith('line ')) continue;
      accepted++;
      if (seed.format === 'influx' && !body.includes('"'))
        for (const line of body.toString('utf8').split('\n'))
          if (!/^[ \t\r]*(?:#|$)/.test(line) && !POINT.test(line))
            wrong.push(`case ${i}: accepted ${JSON.stringify(line)}`);
      if (seed.format !== 'text') continue;
      for (const line of body.toString('latin1').split('\n'))
        if (!/^[ \t]*(?:#|$)/.test(line) && !SAMPLE.test(line))
          wrong.push(`case ${i}: accepted ${JSON.stringify(line)}`);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    // Both ways must have been gone often, or the test would say little.
    expect(accepted).toBeGreaterThan(CASES / 50);
    expect(accepted).toBeLessThan(CASES);
  }, 600_000);
});
