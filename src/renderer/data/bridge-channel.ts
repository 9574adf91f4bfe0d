import type { Channel, HearthBridge } from '#shared/contract/index.ts';

/** The desktop bridge as a channel: it lives as long as the window. */
export function bridgeChannel(bridge: HearthBridge): Channel {
  let remove: (() => void) | null = null;
  return {
    send: (message) => bridge.send(message),
    onMessage: (listener) => {
      remove?.();
      remove = bridge.onMessage(listener);
    },
    onClose: () => undefined,
    close: () => remove?.(),
  };
}
