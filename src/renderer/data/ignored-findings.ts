import { useRequest } from './hooks.ts';
import { useMemo } from 'react';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface IgnoredState {
  readonly ids: readonly string[];
}

const useStore = create<IgnoredState>()(
  persist((): IgnoredState => ({ ids: [] }), { name: 'hearth.quality.ignored', version: 1 }),
);

/** Findings that the person does not want to see. */
export function useIgnored(): ReadonlySet<string> {
  const ids = useStore((state) => state.ids);
  return useMemo(() => new Set(ids), [ids]);
}

export function setIgnored(id: string, ignored: boolean): void {
  const { ids } = useStore.getState();
  const others = ids.filter((other) => other !== id);
  useStore.setState({ ids: ignored ? [...others, id] : others });
}

/** Findings of the last check that are not ignored; 0 until Quality was looked at. Never checks by itself: that reads an hour of every series. */
export function useOpenFindings(): number {
  const { data } = useRequest('quality.get', {}, { enabled: false });
  const ignored = useIgnored();
  return data?.findings.filter(({ id }) => !ignored.has(id)).length ?? 0;
}
