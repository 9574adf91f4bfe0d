import { routeTo } from '#renderer/frame/index.ts';

/** Where a job is edited. */
export function jobAddress(name: string, view: 'form' | 'yaml' = 'form'): string {
  return routeTo(['settings', 'targets', name], { view: view === 'yaml' ? 'yaml' : null });
}
