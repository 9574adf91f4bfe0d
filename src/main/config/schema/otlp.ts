import { quoteGo } from '#shared/model/index.ts';
import { list } from '../decode/decoder.ts';
import { bool, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';

/** Trimmed, not empty, no two alike; all that is wrong in one text. */
function attributesProblem(attributes: readonly string[], adjective: string): string | null {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const attribute of attributes.map((text) => text.trim())) {
    if (attribute === '') problems.push(`empty ${adjective} OTel resource attribute`);
    else if (seen.has(attribute))
      problems.push(`duplicated ${adjective} OTel resource attribute ${quoteGo(attribute)}`);
    seen.add(attribute);
  }
  return problems.length === 0 ? null : problems.join('\n');
}

export const otlp = struct({
  type: 'config.plain',
  fields: {
    promote_all_resource_attributes: field(bool),
    promote_resource_attributes: field(list(string)),
    ignore_resource_attributes: field(list(string)),
    translation_strategy: field(string, 'UnderscoreEscapingWithSuffixes'),
    keep_identifying_resource_attributes: field(bool),
    convert_histograms_to_nhcb: field(bool),
    promote_scope_metadata: field(bool),
    label_name_underscore_sanitization: field(bool, true),
    label_name_preserve_multiple_underscores: field(bool, true),
  },
  check(otlp, refuse) {
    const { promoteResourceAttributes: promote, ignoreResourceAttributes: ignore } = otlp;
    if (otlp.promoteAllResourceAttributes) {
      if (promote.length > 0)
        refuse(
          "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously",
        );
      const problem = attributesProblem(ignore, 'ignored');
      if (problem !== null) refuse(`invalid 'ignore_resource_attributes': ${problem}`, 'ignore_resource_attributes');
      return;
    }
    if (ignore.length > 0)
      refuse(
        "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true",
        'ignore_resource_attributes',
      );
    const problem = attributesProblem(promote, 'promoted');
    if (problem !== null) refuse(`invalid 'promote_resource_attributes': ${problem}`, 'promote_resource_attributes');
  },
  build: (otlp) => ({
    ...otlp,
    promoteResourceAttributes: otlp.promoteResourceAttributes.map((text) => text.trim()),
    ignoreResourceAttributes: otlp.ignoreResourceAttributes.map((text) => text.trim()),
  }),
});

/** What is wrong with the strategy, given how metric names are checked. */
export function translationProblem(strategy: string, legacyNames: boolean): string | null {
  switch (strategy) {
    case '':
    case 'UnderscoreEscapingWithSuffixes':
    case 'UnderscoreEscapingWithoutSuffixes':
      return null;
    case 'NoTranslation':
    case 'NoUTF8EscapingWithSuffixes':
      return legacyNames ? `OTLP translation strategy ${quoteGo(strategy)} is not allowed when UTF8 is disabled` : null;
    default:
      return `unsupported OTLP translation strategy ${quoteGo(strategy)}`;
  }
}
