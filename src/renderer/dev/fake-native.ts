import type { NativeBridge } from '#shared/contract/index.ts';

/** A desktop that does nothing: what is seen of it is all there is. */
export function fakeNative(): NativeBridge {
  return {
    platform: 'linux',
    openSettings: () => undefined,
    showDataFolder: () => undefined,
    setUnsaved: () => undefined,
    onCommand: () => () => undefined,
  };
}
