import type { TargetView } from '#shared/contract/index.ts';

/** The job that watches this computer's port already, or null. */
export function watcherOf(targets: readonly TargetView[], port: number): string | null {
  const same = targets.find((target) => {
    const own = URL.canParse(target.url) ? new URL(target.url) : null;
    return own?.port === String(port) && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(own.hostname);
  });
  return same?.job ?? null;
}
