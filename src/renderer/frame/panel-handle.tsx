import type { KeyboardEvent, PointerEvent } from 'react';
import styles from './page-frame.module.css';

interface PanelHandleProps {
  /** On which edge of its panel the handle sits. */
  readonly side: 'start' | 'end';
  readonly label: string;
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly onWidth: (width: number) => void;
}

const STEP = 8;

/** The draggable edge of a panel; arrow keys move it too. */
export function PanelHandle({ side, label, width, min, max, onWidth }: PanelHandleProps) {
  const clamp = (wanted: number) => Math.max(min, Math.min(max, Math.round(wanted)));
  const sign = side === 'end' ? 1 : -1;
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget;
    const startX = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onWidth(clamp(width + sign * (moved.clientX - startX)));
    const end = () => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    onWidth(clamp(width + sign * (event.key === 'ArrowRight' ? STEP : -STEP)));
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={styles['handle']}
      data-side={side}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
