import { useSyncExternalStore } from 'react';
import type { Preferences } from '#shared/contract/index.ts';

export type ThemeChoice = Preferences['theme'];
export type ColorScheme = 'light' | 'dark';

/** Remembered beside the core's preference so that the first paint, which does not wait for the core, is right. */
const STORAGE_KEY = 'hearth.theme';

function isThemeChoice(text: string | null): text is ThemeChoice {
  return text === 'system' || text === 'light' || text === 'dark';
}

let choice: ThemeChoice = 'system';
const listeners = new Set<() => void>();
const systemDark = () => window.matchMedia('(prefers-color-scheme: dark)');

export function resolvedScheme(): ColorScheme {
  if (choice !== 'system') return choice;
  return systemDark().matches ? 'dark' : 'light';
}

function apply(): void {
  document.documentElement.dataset['theme'] = resolvedScheme();
  for (const listener of listeners) listener();
}

/** Sets the theme of this window, and remembers it for the next first paint. */
export function chooseTheme(next: ThemeChoice): void {
  if (next === choice) return;
  choice = next;
  window.localStorage.setItem(STORAGE_KEY, next);
  apply();
}

/** Called once before the first render. */
export function startTheme(): void {
  const stored = window.localStorage.getItem(STORAGE_KEY);
  if (isThemeChoice(stored)) choice = stored;
  systemDark().addEventListener('change', apply);
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The scheme that is shown now; changes when the choice or the system does. */
export function useColorScheme(): ColorScheme {
  return useSyncExternalStore(subscribe, resolvedScheme);
}
