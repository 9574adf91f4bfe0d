import type { Page } from '@playwright/test';

/** A page's line to the headless host, which a test cuts and mends. */
export interface Line {
  /** Closes what is open and lets nothing through. */
  cut(): Promise<void>;
  mend(): void;
}

/** Puts itself between the page and its host, for connections that are opened from now on. */
export async function holdLine(page: Page): Promise<Line> {
  let whole = true;
  const open: (() => Promise<void>)[] = [];
  await page.routeWebSocket(/.*/, (socket) => {
    if (!whole) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    open.push(() => socket.close());
  });
  return {
    async cut() {
      if (open.length === 0) throw new Error('the page has no connection that could be cut');
      whole = false;
      for (const close of open.splice(0)) await close();
    },
    mend() {
      whole = true;
    },
  };
}

/** Stands in for the clipboard. @returns the texts that the page has put there since */
export async function takeClipboard(page: Page): Promise<() => Promise<string[]>> {
  const texts = await page.evaluateHandle(() => {
    const copied: string[] = [];
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
    });
    return copied;
  });
  return () => texts.jsonValue();
}
