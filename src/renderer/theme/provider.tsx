import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { useColorScheme } from './color-scheme.ts';
import { cssVariables, mantineTheme } from './mantine.ts';

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  return (
    <MantineProvider
      theme={mantineTheme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={useColorScheme()}
      deduplicateCssVariables
    >
      {children}
    </MantineProvider>
  );
}
