import { createChannelQueue } from './channel-queue.ts';
import type { Channel } from './client.ts';

/** Two ends of a channel within one thread. Messages are cloned and arrive later, as over any other channel. */
export function memoryChannels(): readonly [Channel, Channel] {
  const queues = [createChannelQueue(), createChannelQueue()] as const;
  const end = (own: number): Channel => ({
    send(message) {
      const other = queues[1 - own];
      if (queues[own].closed) return;
      const copy = structuredClone(message);
      queueMicrotask(() => other.deliver(copy));
    },
    onMessage: queues[own].onMessage,
    onClose: queues[own].onClose,
    close() {
      for (const queue of queues) queue.end();
    },
  });
  return [end(0), end(1)];
}
