import { lazy, Suspense, useEffect, useState } from 'react';
import { onOpenPalette } from '#renderer/frame/index.ts';

const load = () => import('./palette.tsx');
const Palette = lazy(load);

/** Long enough for the first screen to be there, milliseconds. */
const AFTER_FIRST_PAINT = 3000;

/** Opens the palette on every screen. Its code comes after the first screen, and before anyone asks for it. */
export function PaletteHost({ toggleTheme }: { readonly toggleTheme: () => void }) {
  const [asked, setAsked] = useState<string | null>(null);
  useEffect(() => onOpenPalette(setAsked), []);
  useEffect(() => {
    const timer = window.setTimeout(() => void load(), AFTER_FIRST_PAINT);
    return () => window.clearTimeout(timer);
  }, []);
  if (asked === null) return null;
  return (
    <Suspense fallback={null}>
      <Palette initial={asked} toggleTheme={toggleTheme} onClose={() => setAsked(null)} />
    </Suspense>
  );
}
