import { closest } from './closest.ts';
import { FLAGS, type FlagValues } from './flags.ts';

/** Flags that were given and do nothing here, a sentence each. */
export function flagsWithoutEffect(values: FlagValues): string[] {
  return [...values].flatMap(([name, given]) => {
    const { ignored } = FLAGS[name];
    if (ignored === undefined || given.every((value) => value === ignored.fulfilled)) return [];
    return [`--${name} has no effect: ${ignored.instead}`];
  });
}

/** What `--enable-feature` switches on here. */
const SWITCHED: readonly string[] = [
  'created-timestamp-zero-ingestion',
  'promql-binop-fill-modifiers',
  'promql-delayed-name-removal',
  'promql-experimental-functions',
  'promql-extended-range-selectors',
  'st-storage',
  'type-and-unit-labels',
  'use-start-timestamps',
];

/** What is so without being asked for. */
const ALWAYS: readonly string[] = ['auto-reload-config', 'promql-duration-expr'];

/** Features that were asked for and are not there, a sentence each. */
export function featuresWithoutEffect(names: readonly string[]): string[] {
  return names
    .filter((name) => !SWITCHED.includes(name) && !ALWAYS.includes(name))
    .map((name) => {
      const near = closest(name, SWITCHED);
      const hint = near === null ? `there are ${SWITCHED.join(', ')}` : `did you mean ${near}?`;
      return `--enable-feature=${name} has no effect: no such feature here; ${hint}`;
    });
}
