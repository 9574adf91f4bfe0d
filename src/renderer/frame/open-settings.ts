import type { NativeBridge } from '#shared/contract/index.ts';
import { navigate, routeTo } from './router.ts';

/** Place in the settings, below the section, of a job that is not there yet; no job is named by a NUL. */
export const NEW_JOB = '\0new';

/**
 * Opens settings: a window of its own on the desktop, a page elsewhere.
 * @param place section and what is below it (`['targets', 'node']`), names as they are; empty: where the window is, or its first page
 */
export function openSettings(native: NativeBridge | null, place: readonly string[]): void {
  if (native === null) navigate(routeTo(['settings', ...place]));
  else native.openSettings(place);
}
