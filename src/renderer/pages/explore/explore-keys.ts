import { chartKeyAction, type ChartKeyActions, type KeyLookup } from '#renderer/frame/index.ts';

/** What the keys of Explore do; see the key map of the interface. */
export interface ExploreKeyActions extends ChartKeyActions {
  readonly edit: () => void;
  readonly fullWindow: () => void;
  readonly goTo: () => void;
}

export const exploreKeyAction: KeyLookup<ExploreKeyActions> = (key, shift, actions) => {
  switch (key) {
    case 'e':
      return actions.edit;
    case 'f':
      return actions.fullWindow;
    case 'g':
      return actions.goTo;
    default:
      return chartKeyAction(key, shift, actions);
  }
};
