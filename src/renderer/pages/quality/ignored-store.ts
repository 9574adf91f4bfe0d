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
