import { expect, test } from 'vitest';
import { SchemaChecker, type JsonSchema } from './json-schema.ts';

const checker = new SchemaChecker({ components: { point: { type: 'array', minItems: 2, maxItems: 2 } } });

test.each<[JsonSchema, unknown, string | null]>([
  [{ type: 'string' }, 'a', null],
  [{ type: 'string' }, 1, '$ is integer, not string'],
  [{ type: 'number' }, 1, null],
  [{ type: ['string', 'null'] }, null, null],
  [{ enum: ['a', 'b'] }, 'c', '$ is not one of a, b'],
  [{ minimum: 1 }, 0, '$ is below 1'],
  [{ $ref: '#/components/point' }, [1], '$ has fewer than 2 items'],
  [{ type: 'array', items: { type: 'integer' } }, [1, 1.5], '$[1] is number, not integer'],
  [{ type: 'object', required: ['a'] }, {}, '$ lacks a'],
  [{ properties: { a: { type: 'string' } }, additionalProperties: false }, { b: 1 }, '$ has b, which is not described'],
  [{ additionalProperties: { type: 'string' } }, { b: 1 }, '$.b is integer, not string'],
  [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 1, '$ fits 2 of 2 alternatives, not one'],
  [{ anyOf: [{ type: 'string' }, { type: 'array' }] }, {}, '$ fits none of 2 alternatives'],
])('%j against %j', (schema, value, problem) => {
  expect(checker.check(value, schema)).toBe(problem);
});
