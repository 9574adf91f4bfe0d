/** Messages between the double of Electron (forked) and the test that owns the browser (parent). */
export type DoubleToParent =
  | { type: 'create-window'; window: number; preload: string | null; width: number; height: number }
  | { type: 'load'; window: number; file: string; hash: string }
  | { type: 'reload'; window: number }
  | { type: 'to-page'; window: number; channel: string; args: unknown[] }
  | { type: 'close-window'; window: number }
  | { type: 'evaluated'; id: number; result: unknown; error: string | null };

export type ParentToDouble =
  | { type: 'from-page'; window: number; channel: string; args: unknown[] }
  | { type: 'loaded'; window: number }
  | { type: 'user-closes'; window: number }
  | { type: 'page-gone'; window: number }
  | { type: 'evaluate'; id: number; source: string; arg: unknown };
