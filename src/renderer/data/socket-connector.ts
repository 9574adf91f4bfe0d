import type { ChannelClient } from './channel-client.ts';
import { socketChannel } from './socket-channel.ts';

const FIRST_RETRY = 500;
const LAST_RETRY = 10_000;

/** Keeps one WebSocket to the core open, with growing waits between attempts; `wake` tries at once. */
export function connectBySocket(client: ChannelClient, url: string, protocols: readonly string[]): { stop(): void } {
  let wait = FIRST_RETRY;
  let timer: number | undefined;
  let socket: WebSocket | null = null;
  let stopped = false;

  const open = () => {
    timer = undefined;
    const attempt = new WebSocket(url, [...protocols]);
    socket = attempt;
    attempt.addEventListener('open', () => {
      wait = FIRST_RETRY;
      client.attach(socketChannel(attempt));
    });
    attempt.addEventListener('close', () => {
      if (stopped || socket !== attempt) return;
      client.detach();
      timer = window.setTimeout(open, wait);
      wait = Math.min(wait * 2, LAST_RETRY);
    });
  };
  const wake = () => {
    if (timer === undefined) return;
    window.clearTimeout(timer);
    wait = FIRST_RETRY;
    open();
  };
  const onVisible = () => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', onVisible);
  open();
  return {
    stop() {
      stopped = true;
      window.clearTimeout(timer);
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', onVisible);
      socket?.close();
    },
  };
}
