import { routeTo } from '#renderer/frame/index.ts';

/** Path part that means a job which is not there yet; no job is named by a NUL. */
export const NEW_JOB = '\0new';

/** Where a job is edited. */
export function jobAddress(name: string, view: 'form' | 'yaml' = 'form'): string {
  return routeTo(['settings', 'targets', name], { view: view === 'yaml' ? 'yaml' : null });
}
