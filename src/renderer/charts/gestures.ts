import type { TimeSpan } from './plot-model.ts';

/** Shorter than this nothing is looked at, milliseconds. */
const LEAST_SPAN = 5000;
/** How much a notch of the wheel changes the length. */
const WHEEL_ZOOM = 0.0015;

export interface GestureTarget {
  /** What is shown now. */
  span(): TimeSpan;
  /** Shows something else, as often as the hand moves. */
  look(span: TimeSpan): void;
}

/** The span scaled about a share of its width; never shorter than can be drawn. */
export function zoomed({ from, to }: TimeSpan, anchor: number, factor: number): TimeSpan {
  const length = to - from;
  const next = Math.max(LEAST_SPAN, length * factor);
  const fixed = from + anchor * length;
  const start = Math.round(fixed - anchor * next);
  return { from: start, to: Math.round(start + next) };
}

/** The span moved by a share of its own length. */
export function panned({ from, to }: TimeSpan, share: number): TimeSpan {
  const by = Math.round((to - from) * share);
  return { from: from + by, to: to + by };
}

/** Wheel and pinch zoom about the pointer; a sideways wheel and dragging with Shift or the middle button pan. */
export function attachGestures(over: HTMLElement, target: GestureTarget): () => void {
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { left, width } = over.getBoundingClientRect();
    if (width <= 0) return;
    const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      target.look(panned(target.span(), sideways / width));
      return;
    }
    const anchor = Math.min(1, Math.max(0, (event.clientX - left) / width));
    target.look(zoomed(target.span(), anchor, Math.exp(event.deltaY * WHEEL_ZOOM * (event.ctrlKey ? 4 : 1))));
  };
  const onDown = (event: MouseEvent): void => {
    if (!event.shiftKey && event.button !== 1) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { width } = over.getBoundingClientRect();
    const from = target.span();
    const startX = event.clientX;
    const move = (moved: MouseEvent): void => target.look(panned(from, (startX - moved.clientX) / width));
    const end = (): void => {
      document.removeEventListener('mousemove', move);
      document.removeEventListener('mouseup', end);
    };
    document.addEventListener('mousemove', move);
    document.addEventListener('mouseup', end);
  };
  over.addEventListener('wheel', onWheel, { passive: false });
  // Before the plot's own listener, which selects.
  over.addEventListener('mousedown', onDown, { capture: true });
  return () => {
    over.removeEventListener('wheel', onWheel);
    over.removeEventListener('mousedown', onDown, { capture: true });
  };
}
