import type { NativeBridge } from '#shared/contract/index.ts';
import { navigate, routeTo } from './router.ts';

/** Opens settings: a window of its own on the desktop, a page elsewhere. `rest` goes on below the section. */
export function openSettings(native: NativeBridge | null, section: string | null): void {
  if (native !== null) native.openSettings(section);
  else navigate(routeTo(section === null ? ['settings'] : ['settings', ...section.split('/')]));
}
