import {
  IconChartDots,
  IconChartHistogram,
  IconGauge,
  IconInfoCircle,
  IconQuestionMark,
  IconTrendingUp,
  type Icon,
} from '@tabler/icons-react';
import type { MetricType } from '#shared/model/index.ts';

const GLYPHS: Readonly<Record<MetricType, Icon>> = {
  counter: IconTrendingUp,
  gauge: IconGauge,
  histogram: IconChartHistogram,
  gaugehistogram: IconChartHistogram,
  summary: IconChartDots,
  info: IconInfoCircle,
  stateset: IconInfoCircle,
  unknown: IconQuestionMark,
};

/** The type of a metric as a glyph; the type is said in words where it matters. */
export function MetricGlyph({ type }: { readonly type: MetricType }) {
  const Glyph = GLYPHS[type];
  return <Glyph size={14} stroke={1.6} aria-hidden />;
}
