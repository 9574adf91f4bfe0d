import './base.css';
import './mantine-styles.ts';
import './fonts.ts';
import './tokens.css';
import './mantine.css';

export * from './color-scheme.ts';
export { ThemeProvider } from './provider.tsx';
