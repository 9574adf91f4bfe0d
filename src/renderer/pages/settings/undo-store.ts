import { create } from 'zustand';
import type { ConfigView, CoreClient } from '#shared/contract/index.ts';

interface Undoable {
  /** What was done, as a sentence. */
  readonly text: string;
  /** Undoes it; the promise settles when it is done. */
  readonly undo: () => Promise<void>;
}

interface UndoState {
  readonly last: Undoable | null;
  readonly offer: (undoable: Undoable) => void;
  readonly clear: () => void;
}

/** The last thing that was changed in this window, for as long as undoing it is offered. */
export const useUndo = create<UndoState>()((set) => ({
  last: null,
  offer: (last) => set({ last }),
  clear: () => set({ last: null }),
}));

/** Offers to take back the change whose result `view` is, and no other; `undone` is called afterwards. */
export function offerUndo(
  core: CoreClient,
  { lastChange }: Pick<ConfigView, 'lastChange'>,
  text: string,
  undone: () => void = () => undefined,
): void {
  if (lastChange === null) return;
  useUndo.getState().offer({
    text,
    undo: async () => {
      await core.request('config.undo', { change: lastChange });
      undone();
    },
  });
}
