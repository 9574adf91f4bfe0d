import { safeStorage } from 'electron';
import type { SecretStore } from '#main/config/index.ts';

/** Where the cipher texts are kept: the part of electron-store that this file needs. */
export interface CipherStore {
  get(id: string): string | undefined;
  set(id: string, cipher: string): void;
  delete(id: string): void;
}

/** Keeps secrets encrypted by the system's keychain; what lies on the disk is base64 of the cipher text. */
export function keychainSecrets(store: CipherStore): SecretStore {
  return {
    get(id) {
      const cipher = store.get(id);
      if (cipher === undefined || !safeStorage.isEncryptionAvailable()) return Promise.resolve(null);
      try {
        return Promise.resolve(safeStorage.decryptString(Buffer.from(cipher, 'base64')));
      } catch {
        // Encrypted for another user or on another computer: it has to be entered again.
        return Promise.resolve(null);
      }
    },
    put(id, text) {
      if (!safeStorage.isEncryptionAvailable())
        return Promise.reject(
          new Error(
            'this system has no keychain to keep the secret in: put it in a file and name that in prometheus.yml',
          ),
        );
      store.set(id, safeStorage.encryptString(text).toString('base64'));
      return Promise.resolve();
    },
    delete(id) {
      store.delete(id);
      return Promise.resolve();
    },
  };
}
