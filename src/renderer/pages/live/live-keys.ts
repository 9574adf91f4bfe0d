import { chartKeyAction, type ChartKeyActions, type KeyLookup } from '#renderer/frame/index.ts';

/** What the keys of Live do; see the key map of the interface. */
export interface LiveKeyActions extends ChartKeyActions {
  readonly nextChart: (by: 1 | -1) => void;
  readonly nextTarget: (by: 1 | -1) => void;
  readonly explore: () => void;
  readonly scrapeNow: () => void;
  readonly pauseTarget: () => void;
}

export const liveKeyAction: KeyLookup<LiveKeyActions> = (key, shift, actions) => {
  switch (key) {
    case 'j':
      return () => actions.nextChart(1);
    case 'k':
      return () => actions.nextChart(-1);
    case 'l':
      return () => actions.nextTarget(1);
    case 'h':
      return () => actions.nextTarget(-1);
    case 'e':
      return actions.explore;
    case 'r':
      return actions.scrapeNow;
    case 'p':
      return actions.pauseTarget;
    default:
      return chartKeyAction(key, shift, actions);
  }
};
