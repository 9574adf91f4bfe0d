declare const brand: unique symbol;

/** A `Base` that must not be mixed with other `Base`s: the tag exists in the type only. */
export type Brand<Base, Tag extends string> = Base & { readonly [brand]: Tag };

/** Time since the Unix epoch, or a span of it, in integer milliseconds. */
export type Millis = number;

/** Marks the branch of a switch that cannot be reached; throws when it is reached all the same. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
