import fc from 'fast-check';
import { quoteGo } from '#shared/model/index.ts';

/** Texts of valid PromQL expressions of all kinds (instant vectors and scalars at the top). */

const labelName = fc.constantFrom('job', 'instance', 'le', 'sum', 'by', 'offset', '"a.b"', '"ü"');
const metricName = fc.constantFrom('up', 'a:b', 'sum', 'start', 'fill', 'rate', 'and', 'max_of');
const labelValue = fc
  .string({ unit: 'grapheme', maxLength: 5 })
  .filter((text) => !text.includes('\ufffd'))
  .map(quoteGo);
const matcher = fc.oneof(
  fc
    .tuple(fc.constantFrom('job', 'le', 'by', '"a.b"'), fc.constantFrom('=', '!='), labelValue)
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom('job', '__name__', '"ü"'),
      fc.constantFrom('=~', '!~'),
      fc.constantFrom('"a.*|b"', '"x+"', '"[a-z]"'),
    )
    .map((parts) => parts.join('')),
);
const number = fc.oneof(
  fc.double({ noNaN: true, min: 0, max: 1e30 }).map(String),
  fc.nat(100_000).map(String),
  fc.constantFrom('0x1F', '1e3', 'Inf', 'NaN', '.5', '1_000', '5m', '1h30m', '25h', '0'),
);
const duration = fc.constantFrom('5m', '30s', '1h30m', '90d', '1.5', '300', '10ms');

const { durationExpr } = fc.letrec<{ durationExpr: string }>((tie) => ({
  durationExpr: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    duration,
    fc.constantFrom('step()', 'range()'),
    fc
      .tuple(tie('durationExpr'), fc.constantFrom('+', '-', '*', '^'), tie('durationExpr'))
      .map((parts) => parts.join(' ')),
    tie('durationExpr').map((inner) => `(${inner})`),
    fc
      .tuple(fc.constantFrom('min_of', 'max_of'), tie('durationExpr'), tie('durationExpr'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
  ),
}));

const offset = fc.oneof(
  fc.tuple(fc.constantFrom('', '-', '+'), duration).map((parts) => ` offset ${parts.join('')}`),
  // Without a sign, an operator after the parenthesis would belong to the duration.
  durationExpr.map((inner) => ` offset -(${inner})`),
  fc.constantFrom(' offset step()', ' offset -range()', ' offset +max_of(5m, step())'),
);
const at = fc.oneof(
  fc.integer({ min: -1e6, max: 2e9 }).map((time) => ` @ ${time / 1000}`),
  fc.constantFrom(' @ start()', ' @ end()'),
);
const modifiers = fc.tuple(fc.option(at, { nil: '' }), fc.option(offset, { nil: '' })).map((parts) => parts.join(''));
const mode = fc.constantFrom('', '', ' anchored', ' smoothed');

const selectorHead = fc.oneof(
  metricName,
  fc
    .tuple(
      metricName,
      fc.array(
        matcher.filter((text) => !text.startsWith('__name__')),
        { maxLength: 3 },
      ),
    )
    .map(([name, matchers]) => `${name}{${matchers.join(', ')}}`),
  fc.array(matcher, { maxLength: 2 }).map((matchers) => `{${['"some.metric"', ...matchers].join(',')}}`),
);
const labels = fc.array(labelName, { maxLength: 3 }).map((names) => `(${names.join(', ')})`);
const matching = fc.oneof(
  fc.constant(''),
  fc.tuple(fc.constantFrom(' on ', ' ignoring '), labels).map((parts) => parts.join('')),
  fc
    .tuple(labels, fc.constantFrom(' group_left ', ' group_right '), fc.constantFrom('(x)', '()', '(x, y)'))
    .map(([on, group, include]) => ` on ${on}${group}${include}`),
);
const fill = fc.oneof(
  fc.constant(''),
  number.map((value) => ` fill (${value})`),
  fc.tuple(number, number).map(([a, b]) => ` fill_left (-${a}) fill_right (${b})`),
);

type Parts = {
  readonly vector: string;
  readonly scalar: string;
  readonly matrix: string;
};

const parts = fc.letrec<Parts>((tie) => ({
  scalar: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    number,
    fc.constantFrom('time()', 'pi()', 'step()'),
    number.map((value) => `-${value}`),
    tie('scalar').map((inner) => `(${inner})`),
    tie('vector').map((inner) => `scalar(${inner})`),
    fc
      .tuple(tie('scalar'), fc.constantFrom('+', '-', '*', '/', '%', '^', '== bool', 'atan2'), tie('scalar'))
      .map((words) => words.join(' ')),
  ),
  matrix: fc.oneof(
    fc
      .tuple(selectorHead, durationExpr, mode, modifiers)
      .map(([head, range, m, mods]) => `${head}[${range}]${m}${mods}`),
    fc
      .tuple(tie('vector'), duration, fc.constantFrom('', '30s', 'step()'), modifiers)
      .map(([inner, range, step, mods]) => `(${inner})[${range}:${step}]${mods}`),
  ),
  vector: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.tuple(selectorHead, mode, modifiers).map((words) => words.join('')),
    fc
      .tuple(fc.constantFrom('rate', 'sum_over_time', 'absent_over_time'), tie('matrix'))
      .map(([f, arg]) => `${f}(${arg})`),
    fc.tuple(fc.constantFrom('abs', 'ceil', 'sort'), tie('vector')).map(([f, arg]) => `${f}(${arg})`),
    fc.tuple(tie('vector'), labelValue).map(([arg, text]) => `label_join(${arg}, "x", ${text}, "job")`),
    fc
      .tuple(fc.constantFrom('sum', 'AVG', 'group'), fc.constantFrom('', ' by ', ' without '), labels, tie('vector'))
      .map(([op, by, names, arg]) => `${op}${by === '' ? '' : by + names} (${arg})`),
    fc
      .tuple(fc.constantFrom('topk', 'quantile', 'limit_ratio'), tie('scalar'), tie('vector'))
      .map(([op, param, arg]) => `${op}(${param}, ${arg})`),
    fc.tuple(fc.constantFrom('-', '+'), tie('vector')).map((words) => words.join('')),
    tie('vector').map((inner) => `(${inner})`),
    fc
      .tuple(
        tie('vector'),
        fc.constantFrom('+', '-', '*', '/', '^', '>', '!= bool', '</'),
        matching,
        fill,
        tie('vector'),
      )
      .map(([a, op, match, filled, b]) =>
        match + filled === '' ? `${a} ${op} ${b}` : `(${a}) ${op}${match}${filled} (${b})`,
      ),
    fc
      .tuple(
        tie('vector'),
        fc.constantFrom('and', 'or', 'unless'),
        fc.constantFrom('', ' on (x)', ' ignoring ()'),
        tie('vector'),
      )
      .map(([a, op, match, b]) => `${a} ${op}${match} ${b}`),
    fc.tuple(tie('vector'), fc.constantFrom('+', '>=', '>/'), tie('scalar')).map((words) => words.join(' ')),
  ),
}));

export const expressionText: fc.Arbitrary<string> = fc.oneof(parts.vector, parts.scalar);
