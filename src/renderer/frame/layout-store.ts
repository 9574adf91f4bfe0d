import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface PanelState {
  readonly width: number;
  readonly open: boolean;
}

interface LayoutState {
  /** Panels by name (`live.list`, `explore.list`, `inspector`): remembered between sessions. */
  readonly panels: Readonly<Record<string, PanelState>>;
  readonly setWidth: (name: string, width: number) => void;
  readonly setOpen: (name: string, open: boolean) => void;
}

/** Widths and openness of panels: of this window, so kept in the browser and not in the core. */
export const useLayout = create<LayoutState>()(
  persist(
    (set) => ({
      panels: {},
      setWidth: (name, width) =>
        set(({ panels }) => ({ panels: { ...panels, [name]: { open: panels[name]?.open ?? true, width } } })),
      setOpen: (name, open) =>
        set(({ panels }) => ({ panels: { ...panels, [name]: { width: panels[name]?.width ?? 0, open } } })),
    }),
    { name: 'hearth.layout', version: 1, partialize: ({ panels }) => ({ panels }) },
  ),
);
