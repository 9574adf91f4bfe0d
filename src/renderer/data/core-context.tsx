import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, use, useState, type ReactNode } from 'react';
import { HearthError } from '#shared/contract/index.ts';
import type { RendererClient } from './renderer-client.ts';
import { TopicStore } from './topic-store.ts';

interface Core {
  readonly client: RendererClient;
  readonly topics: TopicStore;
}

const CoreContext = createContext<Core | null>(null);

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The core tells what changed (topics); nothing is asked again because a window got the focus.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        staleTime: 5_000,
        retry: (count, error) => error instanceof HearthError && error.detail.kind === 'unavailable' && count < 20,
        retryDelay: (count) => Math.min(500 * 2 ** count, 5_000),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Gives the core to everything below. The client outlives the tree; the caller owns it. */
export function CoreProvider({ client, children }: { readonly client: RendererClient; readonly children: ReactNode }) {
  const [core] = useState<Core>(() => ({ client, topics: new TopicStore(client) }));
  const [queryClient] = useState(createQueryClient);
  return (
    <CoreContext value={core}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </CoreContext>
  );
}

function useCoreContext(): Core {
  const core = use(CoreContext);
  if (core === null) throw new Error('CoreProvider is missing above this component');
  return core;
}

/** The core itself, for actions: `useCore().request('config.apply', ...)`. */
export function useCore(): RendererClient {
  return useCoreContext().client;
}

export function useTopicStore(): TopicStore {
  return useCoreContext().topics;
}
