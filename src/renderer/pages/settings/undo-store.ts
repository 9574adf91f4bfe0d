import { create } from 'zustand';

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

/** The last destructive thing that was done in this window, for as long as it can be undone. */
export const useUndo = create<UndoState>()((set) => ({
  last: null,
  offer: (last) => set({ last }),
  clear: () => set({ last: null }),
}));
