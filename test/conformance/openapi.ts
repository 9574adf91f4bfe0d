import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { SchemaChecker, type JsonSchema } from './json-schema.ts';
import { failed, passed, type CaseOutcome } from './outcome.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema?: JsonSchema & { readonly example?: unknown; readonly default?: unknown };
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema?: JsonSchema }>> }>
  >;
}

interface Description {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, { readonly get?: Operation }>>;
}

const TIMEOUT_MILLIS = 10_000;

/**
 * Asks a running server everything that its API's description says can be read, with the parameters of the examples
 * there: once with the required ones, once with all. An answer must be a success of the described form.
 */
export async function runOpenApi(url: string, [spec]: readonly string[]): Promise<readonly CaseOutcome[]> {
  const description = parse(readFileSync(spec, 'utf8')) as Description;
  const checker = new SchemaChecker(description);
  const base = url.replace(/\/$/, '') + description.servers[0].url;
  const outcomes: CaseOutcome[] = [];
  for (const [path, { get }] of Object.entries(description.paths)) {
    if (get === undefined) continue;
    const parameters = get.parameters ?? [];
    const required = parameters.filter((parameter) => parameter.required === true);
    const requests = [requestPath(path, required)];
    if (parameters.length > required.length) requests.push(requestPath(path, parameters));
    for (const request of requests) {
      const failure = await ask(base + request, get, checker);
      outcomes.push(failure === null ? passed(`GET ${request}`) : failed(`GET ${request}`, failure));
    }
  }
  return outcomes;
}

function exampleOf(parameter: Parameter): unknown {
  const [example] = Object.values(parameter.examples ?? {});
  const { schema } = parameter;
  return example?.value ?? parameter.example ?? schema?.example ?? schema?.default ?? schema?.enum?.[0] ?? 'job';
}

function requestPath(path: string, parameters: readonly Parameter[]): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const parameter of parameters) {
    const values = [exampleOf(parameter)].flat().map(String);
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(values[0]));
    else for (const value of values) query.append(parameter.name, value);
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

async function ask(url: string, operation: Operation, checker: SchemaChecker): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    const text = await response.text();
    const described = operation.responses[String(response.status)] ?? operation.responses['default'];
    if (!response.ok) return `answers ${response.status}: ${text.trim().slice(0, 200)}`;
    const [type, content] = Object.entries(described.content ?? {})[0] ?? [];
    const got = response.headers.get('content-type')?.split(';')[0];
    if (type !== undefined && got !== type) return `answers ${got}, not ${type}`;
    if (content?.schema === undefined) return null;
    const { schema } = content;
    if (type === 'application/json') return checker.check(JSON.parse(text), schema);
    // What is no JSON as a whole is described as a text; each line of this one is JSON.
    if (type === 'application/x-ndjson') for (const line of text.split('\n')) if (line !== '') JSON.parse(line);
    return checker.check(text, schema);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
