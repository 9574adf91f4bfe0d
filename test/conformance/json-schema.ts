/** The part of JSON Schema that the API's description uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** Checks values against schemas whose references point into one document. */
export class SchemaChecker {
  private readonly document: unknown;

  constructor(document: unknown) {
    this.document = document;
  }

  /** The first thing that does not fit, with its place, or null. */
  check(value: unknown, schema: JsonSchema, at = '$'): string | null {
    if (schema.$ref !== undefined) return this.check(value, this.resolve(schema.$ref), at);
    const { oneOf, anyOf } = schema;
    if (oneOf !== undefined) {
      const fitting = oneOf.filter((one) => this.check(value, one, at) === null).length;
      if (fitting !== 1) return `${at} fits ${fitting} of ${oneOf.length} alternatives, not one`;
    }
    if (anyOf !== undefined && !anyOf.some((one) => this.check(value, one, at) === null))
      return `${at} fits none of ${anyOf.length} alternatives`;
    const type = typeOf(value);
    const types = schema.type === undefined ? [type] : [schema.type].flat();
    if (!types.includes(type) && !(type === 'integer' && types.includes('number')))
      return `${at} is ${type}, not ${types.join(' or ')}`;
    if (schema.enum !== undefined && !schema.enum.includes(value))
      return `${at} is not one of ${schema.enum.join(', ')}`;
    if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum)
      return `${at} is below ${schema.minimum}`;
    if (Array.isArray(value)) return this.checkArray(value, schema, at);
    return typeof value === 'object' && value !== null ? this.checkObject(value, schema, at) : null;
  }

  private checkArray(value: readonly unknown[], { items, minItems, maxItems }: JsonSchema, at: string): string | null {
    if (minItems !== undefined && value.length < minItems) return `${at} has fewer than ${minItems} items`;
    if (maxItems !== undefined && value.length > maxItems) return `${at} has more than ${maxItems} items`;
    if (items === undefined) return null;
    for (const [i, item] of value.entries()) {
      const problem = this.check(item, items, `${at}[${i}]`);
      if (problem !== null) return problem;
    }
    return null;
  }

  private checkObject(value: object, schema: JsonSchema, at: string): string | null {
    for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) return `${at} lacks ${name}`;
    for (const [name, item] of Object.entries(value) as [string, unknown][]) {
      const known = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
      const inner = known ? schema.properties?.[name] : schema.additionalProperties;
      if (inner === false) return `${at} has ${name}, which is not described`;
      if (typeof inner !== 'object') continue;
      const problem = this.check(item, inner, `${at}.${name}`);
      if (problem !== null) return problem;
    }
    return null;
  }

  private resolve(reference: string): JsonSchema {
    let found = this.document;
    for (const part of reference.replace(/^#\//, '').split('/'))
      found = (found as Readonly<Record<string, unknown>> | undefined)?.[part];
    if (found === undefined) throw new Error(`${reference} points nowhere`);
    return found as JsonSchema;
  }
}
