import { Button, Checkbox, SegmentedControl, Tabs } from '@mantine/core';
import { IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, LegendWord } from '#shared/contract/index.ts';
import { findGaps, SharedView, Swatch, TimeChart, type PlotKind, type PlotModel } from '#renderer/charts/index.ts';
import {
  EmptyState,
  ErrorNote,
  IconButton,
  KeyCap,
  MetricGlyph,
  modKey,
  Row,
  Sparkline,
  StatusDot,
  useFormat,
  type DotState,
} from '#renderer/ui/index.ts';
import styles from './gallery.module.css';
import { signalAt } from './fake-signals.ts';

const DOTS: readonly DotState[] = ['up', 'down', 'pending', 'stale', 'unknown', 'paused'];
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'info', 'unknown'] as const;

const ERRORS: readonly ErrorDetail[] = [
  { kind: 'bad-request', path: 'step', message: 'must be positive' },
  { kind: 'forbidden' },
  { kind: 'not-found', what: 'shop-api' },
  { kind: 'query-parse', message: 'unclosed left parenthesis', from: 1, to: 2 },
  { kind: 'query-execution', message: 'many-to-one matching must be explicit' },
  { kind: 'query-timeout', message: '2 min' },
  { kind: 'canceled' },
  { kind: 'config-invalid', file: 'prometheus.yml', problems: [{ message: 'unknown field', line: 3, column: 1 }] },
  { kind: 'config-conflict', version: '2' },
  { kind: 'storage', reason: 'full', message: 'store.db: the disk is full' },
  { kind: 'unavailable', message: '' },
  { kind: 'internal', message: 'cannot read the index' },
];

const STEPS = 120;
const END = 1_768_509_600;

function made(kind: PlotKind, names: readonly LegendWord[], gap: boolean): PlotModel {
  const times = Array.from({ length: STEPS }, (_, i) => END - (STEPS - 1 - i) * 5);
  const series = names.map((name, s) => ({
    key: name,
    label: name,
    color: s,
    values: times.map((time, i) =>
      gap && i > 60 && i < 80 ? null : signalAt(name, { base: 10 * (s + 1), swing: 0.6, jitter: 0.2 }, time * 1000),
    ),
  }));
  const heat = Float32Array.from({ length: STEPS }, (_, i) => (i > 90 && i < 100 ? 0.4 + (i - 90) * 0.06 : 0));
  const band = { low: new Float32Array(STEPS).fill(6), high: new Float32Array(STEPS).fill(16), heat };
  return {
    kind,
    unit: 'per-second',
    times,
    series,
    gaps: findGaps(times, series, 3),
    heat: kind === 'lines' && names.length === 1 ? { band, bySeries: [heat], strip: heat } : null,
  };
}

/** Primitives in all of their states, for looking at them side by side; only while developing, at `?gallery`. */
export default function Gallery() {
  const { t } = useTranslation();
  const format = useFormat();
  const [view] = useState(() => new SharedView());
  const [kind, setKind] = useState('5m');
  const models = useMemo(
    () => [
      made('lines', ['used'], false),
      made('lines', ['read', 'written', 'errors'], true),
      made('stacked', ['used', 'cached', 'free'], false),
      made('points', ['running'], false),
    ],
    [],
  );
  const range = { from: (END - (STEPS - 1) * 5) * 1000, to: END * 1000 };
  const cells = Float32Array.from({ length: 60 }, (_, i) =>
    signalAt('spark', { base: 4, swing: 1, jitter: 0.3 }, i * 5000),
  );
  return (
    <main className={styles['gallery']}>
      <Part name="Button">
        <Button variant="filled">{t('command.addTarget')}</Button>
        <Button>{t('command.theme')}</Button>
        <Button variant="subtle">{t('close')}</Button>
        <Button disabled>{t('command.list')}</Button>
        <Button loading>{t('command.inspector')}</Button>
        <Button leftSection={<IconRefresh size={14} stroke={1.6} />} rightSection={<KeyCap>{modKey('S')}</KeyCap>}>
          {t('crash.reload')}
        </Button>
      </Part>
      <Part name="IconButton">
        <IconButton label={t('command.addTarget')} onClick={() => undefined}>
          <IconPlus size={14} stroke={1.6} />
        </IconButton>
        <IconButton label={t('close')} pressed onClick={() => undefined}>
          <IconTrash size={14} stroke={1.6} />
        </IconButton>
      </Part>
      <Part name="SegmentedControl, Tabs, Checkbox">
        <SegmentedControl
          aria-label={t('command.theme')}
          value={kind}
          onChange={setKind}
          data={(['5m', '15m', '1h', '6h', '24h'] as const).map((value) => ({ value, label: t(`window.${value}`) }))}
        />
        <Tabs defaultValue="live">
          <Tabs.List>
            {(['live', 'explore', 'quality', 'settings'] as const).map((page) => (
              <Tabs.Tab key={page} value={page}>
                {t(`nav.${page}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Checkbox label={t('command.list')} defaultChecked />
        <Checkbox label={t('command.inspector')} />
        <Checkbox label={t('command.theme')} disabled />
      </Part>
      <Part name="StatusDot, MetricGlyph, KeyCap, Swatch, Sparkline">
        {DOTS.map((state) => (
          <StatusDot key={state} state={state} />
        ))}
        {TYPES.map((type) => (
          <MetricGlyph key={type} type={type} />
        ))}
        <KeyCap>{modKey('K')}</KeyCap>
        <KeyCap>/</KeyCap>
        {Array.from({ length: 10 }, (_, color) => (
          <Swatch key={color} color={color} />
        ))}
        <Sparkline values={cells} width={120} height={16} />
      </Part>
      <Part name="Row">
        <div className={styles['narrow']}>
          <Row name={t('command.addTarget')}>{format.value(0.514, 'seconds').text}</Row>
          <Row name={t('command.list')}>{format.value(1.39 * 2 ** 30, 'bytes').text}</Row>
          <Row name={t('command.theme')}>{format.value(null, '').text}</Row>
        </div>
      </Part>
      <Part name="ErrorNote">
        <div className={styles['column']}>
          {ERRORS.map((error) => (
            <ErrorNote key={error.kind} error={error} action={<Button size="compact-xs">{t('close')}</Button>} />
          ))}
        </div>
      </Part>
      <Part name="EmptyState">
        <EmptyState title={t('crash.title')} action={<Button>{t('crash.reload')}</Button>}>
          {t('crash.body')}
        </EmptyState>
      </Part>
      <Part name="TimeChart">
        {models.map((model) => (
          <div key={`${model.kind} ${model.series.length}`} className={styles['chart']}>
            <TimeChart model={model} range={range} view={view} settings={format} height={120} />
          </div>
        ))}
      </Part>
    </main>
  );
}

function Part({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <section className={styles['part']}>
      <h2>{name}</h2>
      <div className={styles['row']}>{children}</div>
    </section>
  );
}
