import { isMap, type Node } from 'yaml';
import { decodeNode, type DecodeContext, type Decoder } from './decoder.ts';
import { isNull, mapEntries, type MapEntry } from './yaml-source.ts';

/** One key of a mapping: how its value reads, and what it is when the key is missing. */
export interface Field<T> {
  readonly decoder: Decoder<T>;
  readonly missing: T | undefined;
}

/** A key; when it is missing its value is `missing`, or the decoder's zero value where none is given. */
export function field<T>(decoder: Decoder<T>, missing?: T): Field<T> {
  return { decoder, missing };
}

type Fields = Readonly<Record<string, Field<never> | Field<unknown>>>;
type Inlines = Readonly<Record<string, StructDecoder<unknown>>>;

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;
type FieldValue<F> = F extends Field<infer T> ? T : never;
type InlineValue<D> = D extends Decoder<infer T> ? T : never;
type Flatten<T> = { readonly [K in keyof T]: T[K] };

/** What a table of snake_case keys decodes to: camelCase properties, and one property for each inlined table. */
export type Decoded<F, I = object> = Flatten<
  { [K in keyof F & string as Camel<K>]: FieldValue<F[K]> } & { [K in keyof I]: InlineValue<I[K]> }
>;

/** Reports what is wrong with a whole mapping, at the value of `key`, else at its start. */
export type Refuse = (message: string, key?: string) => void;

export interface StructDecoder<T> extends Decoder<T> {
  readonly keys: ReadonlySet<string>;
  /** Value of a mapping without any key. */
  defaults(): T;
  /** Reads this table's keys from entries that hold other keys as well. */
  decodeEntries(entries: ReadonlyMap<string, MapEntry>, node: Node, context: DecodeContext): T;
}

export interface StructSpec<F extends Fields, I extends Inlines, T> {
  /** Name in `field X not found in type NAME`. */
  readonly type: string;
  readonly fields: F;
  /** Keys that the table does not know are passed over. */
  readonly lax?: boolean;
  /** Tables whose keys stand among this one's; each decodes to a property of that name. */
  readonly inline?: I;
  /** Checks what spans several keys; `has` says which are written. Not called where a key has a problem already. */
  readonly check?: (value: Decoded<F, I>, refuse: Refuse, has: (key: string) => boolean) => void;
  /** Makes the final value; it is given decoded keys even where `check` refused them. */
  readonly build?: (value: Decoded<F, I>) => T;
}

function camel(key: string): string {
  return key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

// oxlint-disable-next-line typescript/no-generated-empty-object-type -- a table that inlines no other
type NoInlines = Record<never, never>;

/** A mapping with known keys; any other key is a problem, and so is a key given twice. */
export function struct<F extends Fields, I extends Inlines = NoInlines, T = Decoded<F, I>>(
  spec: StructSpec<F, I, T>,
): StructDecoder<T> {
  const inlines = Object.entries(spec.inline ?? {});
  const fields = Object.entries(spec.fields) as [string, Field<unknown>][];
  const names = new Map(fields.map(([key]) => [key, camel(key)]));
  const keys = new Set([...fields.map(([key]) => key), ...inlines.flatMap(([, inline]) => [...inline.keys])]);
  const build = (value: Decoded<F, I>): T => (spec.build === undefined ? (value as unknown as T) : spec.build(value));

  const decoder: StructDecoder<T> = {
    type: spec.type,
    keys,
    zero() {
      const value: Record<string, unknown> = {};
      for (const [key, { decoder }] of fields) value[names.get(key) as string] = decoder.zero();
      for (const [name, inline] of inlines) value[name] = inline.zero();
      return build(value as Decoded<F, I>);
    },
    defaults() {
      const value: Record<string, unknown> = {};
      for (const [key, { decoder, missing }] of fields)
        value[names.get(key) as string] = missing === undefined ? decoder.zero() : missing;
      for (const [name, inline] of inlines) value[name] = inline.defaults();
      return build(value as Decoded<F, I>);
    },
    decodeEntries(entries, node, context) {
      const before = context.problems.length;
      const value: Record<string, unknown> = {};
      for (const [key, { decoder, missing }] of fields) {
        const entry = entries.get(key);
        if (entry !== undefined) value[names.get(key) as string] = decodeEntry(decoder, entry, context);
        else value[names.get(key) as string] = missing === undefined ? decoder.zero() : missing;
      }
      for (const [name, inline] of inlines) value[name] = inline.decodeEntries(entries, node, context);
      if (context.problems.length === before)
        spec.check?.(
          value as Decoded<F, I>,
          (message, key) => {
            const entry = key === undefined ? undefined : entries.get(key);
            const place = isNull(entry?.value ?? null) ? entry?.keyNode : entry?.value;
            context.refuse(place ?? node, message);
          },
          (key) => !isNull(entries.get(key)?.value ?? null),
        );
      return build(value as Decoded<F, I>);
    },
    decode(node, context) {
      if (!isMap(node)) {
        context.mismatch(node, spec.type);
        return decoder.zero();
      }
      const entries = new Map<string, MapEntry>();
      for (const entry of mapEntries(node, context.source.document)) {
        if (!keys.has(entry.key)) {
          if (spec.lax === true) continue;
          context.unmarshalProblem(entry.keyNode, `field ${entry.key} not found in type ${spec.type}`);
        } else if (entries.has(entry.key))
          context.unmarshalProblem(entry.keyNode, `field ${entry.key} already set in type ${spec.type}`);
        else entries.set(entry.key, entry);
      }
      const value = decoder.decodeEntries(entries, node, context);
      context.remember(value, node);
      return value;
    },
  };
  return decoder;
}

/** An empty value is placed by its key, so that the problem is shown where something should be written. */
function decodeEntry(decoder: Decoder<unknown>, entry: MapEntry, context: DecodeContext): unknown {
  return isNull(entry.value) ? decoder.zero() : decodeNode(decoder, entry.value, context);
}
