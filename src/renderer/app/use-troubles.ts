import { useEffect, useState } from 'react';
import type { ConfigProblem, StorageTrouble } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { useConnection, useCore, useTopic } from '#renderer/data/index.ts';
import { readClock, useNow } from '#renderer/ui/index.ts';

/** What is wrong with Hearth itself, whatever page is shown. */
export type Trouble =
  | { readonly kind: 'connecting' }
  /** The way to the core is lost; what is on screen is of `at`. */
  | { readonly kind: 'lost'; readonly at: Millis }
  /** The core stopped, and the host starts it again. */
  | { readonly kind: 'restarting'; readonly at: Millis }
  | { readonly kind: 'storage'; readonly trouble: StorageTrouble }
  | { readonly kind: 'config'; readonly problem: ConfigProblem };

/** A short interruption is not worth a line that comes and goes, milliseconds. */
const PATIENCE: Millis = 700;
/** The core tells its state each second: after so long it is not there, although the way to its host is open. */
const SILENCE: Millis = 6000;

/** What there is to tell now, the gravest first. */
export function useTroubles(): readonly Trouble[] {
  const { native } = useCore();
  const { data: status } = useTopic('status', {});
  const lost = useLost();
  const silentSince = useSilence(status);
  const connection = useConnection();
  const troubles: Trouble[] = [];
  if (lost !== null && connection === 'connecting') troubles.push({ kind: 'connecting' });
  else if (lost !== null) troubles.push({ kind: native === null ? 'lost' : 'restarting', at: lost });
  else if (silentSince !== null) troubles.push({ kind: 'restarting', at: silentSince });
  if (status !== null && status.storage !== null) troubles.push({ kind: 'storage', trouble: status.storage });
  if (status !== null && status.configProblem !== null)
    troubles.push({ kind: 'config', problem: status.configProblem });
  return troubles;
}

/** Since when the way to the core is not open; null while it is, and at first. */
function useLost(): Millis | null {
  const connection = useConnection();
  const [lostAt, setLostAt] = useState<Millis | null>(null);
  const open = connection === 'open';
  useEffect(() => {
    if (open) return;
    const at = readClock();
    const timer = window.setTimeout(() => setLostAt(at), PATIENCE);
    return () => {
      window.clearTimeout(timer);
      setLostAt(null);
    };
  }, [open]);
  return open ? null : lostAt;
}

/** Since when the core has told nothing; null while it does. */
function useSilence(status: object | null): Millis | null {
  const now = useNow();
  const [heard, setHeard] = useState<{ readonly status: object | null; readonly at: Millis }>({ status, at: now });
  if (heard.status !== status) setHeard({ status, at: Math.max(now, readClock()) });
  return status !== null && now - heard.at > SILENCE ? heard.at : null;
}
