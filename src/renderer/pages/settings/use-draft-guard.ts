import { useEffect } from 'react';
import { useCore } from '#renderer/data/index.ts';
import { hasUnsaved, useEditing } from './editing-store.ts';

/** Closing the window with unsaved changes asks once: the host asks on the desktop, the browser elsewhere. */
export function useDraftGuard(): boolean {
  const { native } = useCore();
  const unsaved = useEditing(hasUnsaved);
  useEffect(() => {
    native?.setUnsaved(unsaved);
    if (!unsaved || native !== null) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [native, unsaved]);
  return unsaved;
}
