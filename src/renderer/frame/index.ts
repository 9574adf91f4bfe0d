export { NEW_JOB, openSettings } from './open-settings.ts';
export { PageFrame, togglePanel, type PageFrameProps } from './page-frame.tsx';
export { chartKeyAction, usePageKeys, type ChartKeyActions, type KeyLookup } from './page-keys.ts';
export { useOfferedEntries, usePaletteEntries, type PaletteEntry } from './palette-entries.ts';
export { onOpenPalette, openPalette } from './palette-control.ts';
export { navigate, parseRoute, routeTo, useRoute, type Route } from './router.ts';
export { TitleActions, TitleBreadcrumb, TitleSlotsContext } from './title-slot.tsx';
export { KEY_MAP } from './key-map.ts';
