import { useEffect, useState } from 'react';
import type { Millis } from '#shared/model/index.ts';

/** The present time, told again every so many milliseconds: for ages on the screen. */
export function useNow(every: Millis): Millis {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), every);
    return () => window.clearInterval(timer);
  }, [every]);
  return now;
}
