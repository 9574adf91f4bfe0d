import { useEffect } from 'react';
import { isTextField } from '#renderer/ui/index.ts';

/** What the keys of Live do; see the key map of the interface. */
export interface LiveKeyActions {
  readonly nextChart: (by: 1 | -1) => void;
  readonly nextTarget: (by: 1 | -1) => void;
  /** Moves the crosshair by so many steps. */
  readonly step: (by: number) => void;
  /** Longer (1) or shorter (-1) range. */
  readonly range: (by: 1 | -1) => void;
  readonly togglePause: () => void;
  readonly filter: () => void;
  readonly explore: () => void;
  readonly copyQuery: () => void;
  readonly table: () => void;
  readonly scrapeNow: () => void;
  readonly pauseTarget: () => void;
  /** Out of whatever is open: crosshair, zoom, chart. */
  readonly escape: () => void;
}

/** The action of a key press, or null when the key has none. Pure, so that the map can be tested. */
export function liveKeyAction(key: string, shift: boolean, actions: LiveKeyActions): (() => void) | null {
  switch (key) {
    case 'j':
      return () => actions.nextChart(1);
    case 'k':
      return () => actions.nextChart(-1);
    case 'l':
      return () => actions.nextTarget(1);
    case 'h':
      return () => actions.nextTarget(-1);
    case '[':
    case '{':
      return () => actions.step(shift ? -10 : -1);
    case ']':
    case '}':
      return () => actions.step(shift ? 10 : 1);
    case '-':
      return () => actions.range(1);
    case '=':
    case '+':
      return () => actions.range(-1);
    case ' ':
      return actions.togglePause;
    case '/':
      return actions.filter;
    case 'e':
      return actions.explore;
    case 'c':
      return actions.copyQuery;
    case 't':
      return actions.table;
    case 'r':
      return actions.scrapeNow;
    case 'p':
      return actions.pauseTarget;
    case 'Escape':
      return actions.escape;
    default:
      return null;
  }
}

/** Whether the element in focus takes this key itself: buttons take Space, text fields take everything. */
function takesKey(target: EventTarget | null, key: string): boolean {
  if (isTextField(target)) return true;
  if (!(target instanceof HTMLElement) || key !== ' ') return false;
  return target.closest('button, a, input, [role="radio"], [role="separator"]') !== null;
}

export function useLiveKeys(actions: LiveKeyActions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (takesKey(event.target, key) || document.querySelector('[role="dialog"]') !== null) return;
      const action = liveKeyAction(key, event.shiftKey, actions);
      if (action === null) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [actions]);
}
