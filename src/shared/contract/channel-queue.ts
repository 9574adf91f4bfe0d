import type { WireMessage } from './client.ts';

/** The receiving half of a channel: keeps messages until somebody listens, and tells of the end once. */
export interface ChannelQueue {
  readonly closed: boolean;
  deliver(message: WireMessage): void;
  end(): void;
  readonly onMessage: (listener: (message: WireMessage) => void) => void;
  readonly onClose: (listener: () => void) => void;
}

export function createChannelQueue(): ChannelQueue {
  let early: WireMessage[] = [];
  let listener: ((message: WireMessage) => void) | null = null;
  const closers: (() => void)[] = [];
  let closed = false;
  return {
    get closed() {
      return closed;
    },
    deliver(message) {
      if (closed) return;
      if (listener === null) early.push(message);
      else listener(message);
    },
    end() {
      if (closed) return;
      closed = true;
      for (const closer of closers) closer();
    },
    onMessage(next) {
      listener = next;
      const messages = early;
      early = [];
      for (const message of messages) next(message);
    },
    onClose(closer) {
      if (closed) closer();
      else closers.push(closer);
    },
  };
}
