import { useEffect } from 'react';
import { isTextField } from '#renderer/ui/index.ts';

/** What the keys of Explore do. */
export interface ExploreKeyActions {
  /** Moves the crosshair by so many steps. */
  readonly step: (by: number) => void;
  readonly range: (by: 1 | -1) => void;
  readonly togglePause: () => void;
  readonly filter: () => void;
  readonly edit: () => void;
  readonly fullWindow: () => void;
  readonly goTo: () => void;
  readonly copyQuery: () => void;
  readonly table: () => void;
  readonly escape: () => void;
}

/** The action of a key press, or null when the key has none. */
export function exploreKeyAction(key: string, shift: boolean, actions: ExploreKeyActions): (() => void) | null {
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
    case 'e':
      return actions.edit;
    case 'f':
      return actions.fullWindow;
    case 'g':
      return actions.goTo;
    case 'c':
      return actions.copyQuery;
    case 't':
      return actions.table;
    case 'Escape':
      return actions.escape;
    default:
      return null;
  }
}

/** Whether the element in focus takes this key itself. */
function takesKey(target: EventTarget | null, key: string): boolean {
  if (key === 'Escape') return isTextField(target) && document.querySelector('.cm-tooltip-autocomplete') !== null;
  if (isTextField(target)) return true;
  if (!(target instanceof HTMLElement) || key !== ' ') return false;
  return target.closest('button, a, input, [role="radio"], [role="tab"], [role="separator"]') !== null;
}

export function useExploreKeys(actions: ExploreKeyActions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      // What lies over the page has the keys first.
      if (takesKey(event.target, key) || document.querySelector('[role="dialog"]') !== null) return;
      const action = exploreKeyAction(key, event.shiftKey, actions);
      if (action === null) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [actions]);
}
