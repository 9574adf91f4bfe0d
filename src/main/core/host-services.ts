import type { PreferencesBackend, SecretStore } from '#main/config/index.ts';

/**
 * What a host keeps for its core because only it can: the system's keychain and a store of its own for preferences.
 * A host without them leaves them out, and the core uses files.
 */
export interface HostServices {
  readonly secrets: SecretStore;
  readonly preferences: PreferencesBackend;
}

/** The part of a MessagePort that calls go over. */
export interface ServicePort {
  postMessage(value: unknown): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
}

type ServiceCall =
  | { readonly call: 'secret-get'; readonly id: string }
  | { readonly call: 'secret-put'; readonly id: string; readonly text: string }
  | { readonly call: 'secret-delete'; readonly id: string }
  | { readonly call: 'preferences-save'; readonly preferences: Parameters<PreferencesBackend['save']>[0] };

interface Numbered {
  readonly number: number;
  readonly call: ServiceCall;
}

interface Answer {
  readonly number: number;
  readonly result: unknown;
  /** Why it failed, or null. */
  readonly error: string | null;
}

/** The host's end: does what the core's thread asks over `port`. */
export function serveHostServices(port: ServicePort, services: HostServices): void {
  const perform = async (call: ServiceCall): Promise<unknown> => {
    switch (call.call) {
      case 'secret-get':
        return services.secrets.get(call.id);
      case 'secret-put':
        return services.secrets.put(call.id, call.text);
      case 'secret-delete':
        return services.secrets.delete(call.id);
      case 'preferences-save':
        return services.preferences.save(call.preferences);
    }
  };
  port.on('message', (value) => {
    const { number, call } = value as Numbered;
    const answer = async (): Promise<void> => {
      let reply: Answer;
      try {
        reply = { number, result: await perform(call), error: null };
      } catch (error) {
        reply = { number, result: null, error: error instanceof Error ? error.message : String(error) };
      }
      port.postMessage(reply);
    };
    void answer();
  });
}

/**
 * The core's end of the same.
 * @param kept what the host's preferences were when the core was started
 * @param onFailedSave told when the host could not keep preferences; they hold until the core ends
 */
export function hostServicesClient(
  port: ServicePort,
  kept: unknown,
  onFailedSave: (error: Error) => void,
): HostServices {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 1;
  port.on('message', (value) => {
    const { number, result, error } = value as Answer;
    const caller = waiting.get(number);
    waiting.delete(number);
    if (error === null) caller?.resolve(result);
    else caller?.reject(new Error(error));
  });
  const ask = (call: ServiceCall): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const number = next++;
      waiting.set(number, { resolve, reject });
      const message: Numbered = { number, call };
      port.postMessage(message);
    });
  return {
    secrets: {
      get: async (id) => (await ask({ call: 'secret-get', id })) as string | null,
      put: async (id, text) => void (await ask({ call: 'secret-put', id, text })),
      delete: async (id) => void (await ask({ call: 'secret-delete', id })),
    },
    preferences: {
      load: () => kept,
      save: (preferences) => {
        ask({ call: 'preferences-save', preferences }).catch((error: unknown) => onFailedSave(error as Error));
      },
    },
  };
}
