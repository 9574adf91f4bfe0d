import { useMemo } from 'react';
import type { TargetView } from '#shared/contract/index.ts';
import { useCore } from '#renderer/data/index.ts';
import { openSettings } from '#renderer/frame/index.ts';

/** What can be done with a target from Live. */
export interface TargetActions {
  readonly scrapeNow: () => void;
  readonly edit: () => void;
  /** Where it comes from: its pool, labels, and what it answers. */
  readonly details: () => void;
  readonly togglePause: () => void;
}

export function useTargetActions(target: TargetView | null, onError: (error: unknown) => void): TargetActions {
  const core = useCore();
  const id = target?.id ?? '';
  const job = target?.job ?? '';
  const paused = target?.health === 'paused';
  return useMemo(
    () => ({
      scrapeNow: () => {
        core.request('targets.scrapeNow', { targetId: id }).catch(onError);
      },
      edit: () => openSettings(core.native, ['targets', job]),
      details: () => openSettings(core.native, ['discovery', id]),
      togglePause: () => {
        const apply = async () => {
          const { version } = await core.request('config.get', {});
          const edits = [{ type: 'pause-job' as const, jobName: job, paused: !paused }];
          await core.request('config.apply', { baseVersion: version, edits });
        };
        apply().catch(onError);
      },
    }),
    [core, id, job, paused, onError],
  );
}
