import { chartKeyAction, type ChartKeyActions, type KeyLookup } from '#renderer/frame/index.ts';

/** What the keys of Explore do; see the key map of the interface. */
export interface ExploreKeyActions extends ChartKeyActions {
  readonly edit: () => void;
}

export const exploreKeyAction: KeyLookup<ExploreKeyActions> = (key, shift, actions) =>
  key === 'e' ? actions.edit : chartKeyAction(key, shift, actions);
