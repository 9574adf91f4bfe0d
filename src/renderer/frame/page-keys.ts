import { useEffect } from 'react';
import { isTextField } from '#renderer/ui/index.ts';

/** What the keys do that all pages of charts have; see the key map of the interface. */
export interface ChartKeyActions {
  /** Moves the crosshair by so many steps. */
  readonly step: (by: number) => void;
  /** Longer (1) or shorter (-1) range. */
  readonly range: (by: 1 | -1) => void;
  readonly togglePause: () => void;
  readonly filter: () => void;
  readonly copyQuery: () => void;
  /** A chart in the full window, and back. */
  readonly fullWindow: () => void;
  /** Asks for a time to go to. */
  readonly goTo: () => void;
  readonly table: () => void;
  /** Out of whatever is open, from the inside out. */
  readonly escape: () => void;
}

/** Finds the action of a key press, or null when the key has none. */
export type KeyLookup<Actions> = (key: string, shift: boolean, actions: Actions) => (() => void) | null;

/** The keys that all pages of charts share. */
export const chartKeyAction: KeyLookup<ChartKeyActions> = (key, shift, actions) => {
  switch (key) {
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
    case 'c':
      return actions.copyQuery;
    case 'f':
      return actions.fullWindow;
    case 'g':
      return actions.goTo;
    case 't':
      return actions.table;
    case 'Escape':
      return actions.escape;
    default:
      return null;
  }
};

const TAKES_SPACE = 'button, a, input, [role="radio"], [role="tab"], [role="separator"]';

/** Whether the element in focus takes this key itself: text fields take everything, buttons take Space. */
function takesKey(target: EventTarget | null, key: string): boolean {
  // A completion that is open is closed first; else Escape leaves the field's page as it leaves any other place.
  if (key === 'Escape' && target instanceof HTMLElement && target.closest('.cm-editor') !== null)
    return document.querySelector('.cm-tooltip-autocomplete') !== null;
  if (isTextField(target)) return true;
  return key === ' ' && target instanceof HTMLElement && target.closest(TAKES_SPACE) !== null;
}

/** Listens to the window for a page's keys, for as long as the page is shown. */
export function usePageKeys<Actions>(lookup: KeyLookup<Actions>, actions: Actions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      // What lies over the page has the keys first.
      if (takesKey(event.target, key) || document.querySelector('[role="dialog"]') !== null) return;
      const action = lookup(key, event.shiftKey, actions);
      if (action === null) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [lookup, actions]);
}
