import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { chartPalette, timeTicks, type SharedView } from '#renderer/charts/index.ts';
import { useColorScheme } from '#renderer/theme/index.ts';
import { formatAge, useExtent, useNow, type Format } from '#renderer/ui/index.ts';
import { drawRibbon, LANE_PITCH } from './draw-ribbon.ts';
import { useGroupName } from './group-name.ts';
import type { GroupHeat, LiveHeat } from './live-heat.ts';
import styles from './ribbon.module.css';

/** Pixels moved before a press is a drag. */
const DRAG = 4;
const TICK_SPACE = 90;
/** A label this near to the edge would be cut. */
const EDGE = 24;

interface HeatRibbonProps {
  readonly heat: LiveHeat;
  /** At most five, in the order shown. */
  readonly groups: readonly GroupHeat[];
  readonly view: SharedView;
  readonly format: Format;
  readonly live: boolean;
}

/** One lane per group, one cell per step: where in the window something was unusual. Drag selects, click holds, double-click lets go. */
export function HeatRibbon({ heat, groups, view, format, live }: HeatRibbonProps) {
  const { t } = useTranslation('live');
  const groupName = useGroupName();
  const stage = useRef<HTMLDivElement>(null);
  const width = useExtent(stage, 'clientWidth');
  const scheme = useColorScheme();
  const height = groups.length * LANE_PITCH;
  const span = Math.max(1, (heat.count - 1) * heat.step);
  const end = heat.start + span;

  const timeAt = (event: PointerEvent): Millis => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return heat.start + Math.round((share * span) / heat.step) * heat.step;
  };
  const drag = useRef<{ readonly x: number; readonly from: Millis; moved: boolean } | null>(null);
  const [brush, setBrush] = useState<readonly [from: Millis, to: Millis] | null>(null);
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, from: timeAt(event), moved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const time = timeAt(event);
    view.hover(time);
    const { current } = drag;
    if (current === null) return;
    if (Math.abs(event.clientX - current.x) >= DRAG) current.moved = true;
    if (current.moved) setBrush([Math.min(current.from, time), Math.max(current.from, time)]);
  };
  const onPointerUp = () => {
    const { current } = drag;
    drag.current = null;
    if (current === null) return;
    if (!current.moved) view.pin(current.from);
    else if (brush !== null && brush[1] > brush[0]) view.zoomTo({ from: brush[0], to: brush[1] });
    setBrush(null);
  };

  const ticks = timeTicks(heat.start, end, Math.max(1, width / TICK_SPACE), format.zone);
  const at = (time: Millis) => ((time - heat.start) / span) * width;
  return (
    <section className={styles['ribbon']} aria-label={t('heat.title')}>
      <div className={styles['head']}>
        <h2>{t('heat.title')}</h2>
        <HeatNote heat={heat} live={live} />
        <span className={styles['scale']} aria-hidden>
          {t('heat.calm')}
          {[0, 1, 2, 3, 4].map((level) => (
            <span key={level} className={styles['swatch']} style={{ background: `var(--heat-${level})` }} />
          ))}
          {t('heat.unusual')}
        </span>
      </div>
      <div className={styles['lanes']}>
        <div className={styles['names']}>
          {groups.map(({ name }) => (
            <span key={name}>{groupName(name)}</span>
          ))}
        </div>
        <div className={styles['plot']}>
          <div
            ref={stage}
            className={styles['stage']}
            style={{ height }}
            role="img"
            aria-label={t('heat.sentence', { count: heat.unusual, total: heat.charts.size })}
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onPointerUp={onPointerUp}
            onPointerLeave={() => view.hover(null)}
            onDoubleClick={() => view.reset()}
          >
            {/* Another theme has other colours for the same heat. */}
            <Lanes key={scheme} heat={heat} groups={groups} width={width} />
            {brush !== null && (
              <span className={styles['brush']} style={{ left: at(brush[0]), width: at(brush[1]) - at(brush[0]) }} />
            )}
            <Zoomed view={view} at={at} width={width} />
            <Crosshair view={view} at={at} width={width} format={format} />
          </div>
          <div className={styles['axis']} aria-hidden>
            {ticks.times.map((time) =>
              at(time) < EDGE || at(time) > width - EDGE ? null : (
                <span key={time} style={{ left: at(time) }}>
                  {format.time(time, ticks.style)}
                </span>
              ),
            )}
          </div>
        </div>
      </div>
    </section>
  );
}

function Lanes({ heat, groups, width }: Pick<HeatRibbonProps, 'heat' | 'groups'> & { readonly width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null && width > 0) drawRibbon(canvas.current, heat, groups, width, chartPalette());
  }, [heat, groups, width]);
  return <canvas ref={canvas} style={{ width, height: groups.length * LANE_PITCH }} />;
}

function HeatNote({ heat, live }: { readonly heat: LiveHeat; readonly live: boolean }) {
  const { t } = useTranslation('live');
  const now = useNow();
  const left = heat.since === null || heat.learn === null ? null : heat.since + heat.learn - now;
  const told = [...heat.charts.values()].some(({ most }) => !Number.isNaN(most));
  if (!told && live) {
    return <p>{left === null || left <= 0 ? t('heat.learning') : t('heat.learningLeft', { left: formatAge(left) })}</p>;
  }
  return <p>{t('heat.note', { window: formatAge((heat.count - 1) * heat.step) })}</p>;
}

interface OverlayProps {
  readonly view: SharedView;
  readonly at: (time: Millis) => number;
  readonly width: number;
}

/** The crosshair's line, with its time as a flag. Moved without rendering. */
function Crosshair({ view, at, width, format }: OverlayProps & { readonly format: Format }) {
  const line = useRef<HTMLSpanElement>(null);
  const flag = useRef<HTMLSpanElement>(null);
  const flagWidth = useRef<number | null>(null);
  useEffect(() => {
    flagWidth.current = null;
    const place = () => {
      if (line.current === null || flag.current === null) return;
      const time = view.crosshair;
      const x = time === null ? -1 : at(time);
      line.current.hidden = time === null || x < -1 || x > width + 1;
      line.current.style.transform = `translateX(${x}px)`;
      if (time === null) return;
      const text = format.time(time, 'clock-seconds');
      if (flag.current.textContent !== text) flag.current.textContent = text;
      // Digits are of one width: measured once, since each look at it makes the browser lay out the page.
      flagWidth.current ??= flag.current.offsetWidth;
      // Kept inside: a flag that is cut tells no time.
      const half = flagWidth.current / 2;
      const shift = Math.max(half - x, Math.min(0, width + 8 - half - x));
      flag.current.style.transform = `translateX(calc(-50% + ${shift}px))`;
    };
    place();
    return view.subscribe(place);
  }, [view, at, width, format]);
  return (
    <span ref={line} className={styles['cross']} hidden aria-hidden>
      <span ref={flag} className={styles['flag']} />
    </span>
  );
}

/** What the charts are zoomed into. */
function Zoomed({ view, at, width }: OverlayProps) {
  const [zoom, setZoom] = useState(view.zoom);
  useEffect(() => view.subscribe(() => setZoom(view.zoom)), [view]);
  if (zoom === null) return null;
  const left = Math.max(0, at(zoom.from));
  const right = Math.min(width, at(zoom.to));
  return <span className={styles['zoom']} data-zoom style={{ left, width: Math.max(0, right - left) }} />;
}
