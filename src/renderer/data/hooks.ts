import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import {
  DEFAULT_PREFERENCES,
  HearthError,
  type ConnectionState,
  type ErrorDetail,
  type MethodName,
  type MethodParams,
  type MethodResults,
  type Preferences,
  type TopicParams,
} from '#shared/contract/index.ts';
import { useCore, useTopicStore } from './core-context.tsx';
import type { StateTopic, TopicState } from './topic-store.ts';

/** The state of the way to the core. */
export function useConnection(): ConnectionState {
  const { connection } = useCore();
  return useSyncExternalStore(
    (listener) => connection.subscribe(listener),
    () => connection.get(),
  );
}

/** The last event of a topic. Parameters are compared by value; one subscription serves all who ask the same. */
export function useTopic<T extends StateTopic>(topic: T, params: TopicParams<T>): TopicState<T> {
  const store = useTopicStore();
  const key = JSON.stringify(params);
  const listen = useCallback(
    (listener: () => void) => store.listen(topic, JSON.parse(key) as TopicParams<T>, key, listener),
    [store, topic, key],
  );
  return useSyncExternalStore(listen, () => store.read(topic, key));
}

export interface RequestOptions {
  /** False: not asked. */
  readonly enabled?: boolean;
  /** Asked again by each who begins to look, however new the last answer is; that is shown meanwhile. */
  readonly fresh?: boolean;
  /** Shows the last result while parameters changed and the new one is under way. */
  readonly keepPrevious?: boolean;
}

export type RequestResult<M extends MethodName> = Omit<UseQueryResult<MethodResults[M], HearthError>, 'error'> & {
  readonly error: ErrorDetail | null;
};

/** Asks a reading method and keeps the answer by its parameters; a request nobody waits for any more is cancelled. */
export function useRequest<M extends MethodName>(
  method: M,
  params: MethodParams<M>,
  options: RequestOptions = {},
): RequestResult<M> {
  const core = useCore();
  const result = useQuery<MethodResults[M], HearthError>({
    queryKey: [method, params],
    queryFn: ({ signal }) => core.request(method, params, { signal }),
    enabled: options.enabled ?? true,
    placeholderData: options.keepPrevious === true ? (previous) => previous : undefined,
    structuralSharing: false,
    ...(options.fresh === true ? { staleTime: 0 } : {}),
  });
  return { ...result, error: result.error === null ? null : errorDetail(result.error) };
}

/** What went wrong, whatever was thrown. */
export function errorDetail(error: unknown): ErrorDetail {
  if (error instanceof HearthError) return error.detail;
  return { kind: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** The person's preferences; the defaults until the core has answered. `set` changes some of them. */
export function usePreferences(): {
  readonly preferences: Preferences;
  readonly known: boolean;
  readonly set: (change: Partial<Preferences>) => Promise<void>;
} {
  const core = useCore();
  const { data } = useTopic('preferences', {});
  return useMemo(() => {
    const preferences = data ?? DEFAULT_PREFERENCES;
    return {
      preferences,
      known: data !== null,
      set: async (change) => {
        await core.request('preferences.set', { preferences: { ...preferences, ...change } });
      },
    };
  }, [core, data]);
}
