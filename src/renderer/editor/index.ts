import { lazy } from 'react';

/** Editors and what goes with them. The editors themselves are loaded when first shown. */
export const PromqlEditor = lazy(() => import('./promql-editor.tsx'));
export const YamlEditor = lazy(() => import('./yaml-editor.tsx'));

export type { EditorHandle, TextProblem } from './code-mirror.tsx';
export type { CompletionWords } from './promql-completion.ts';
export * from './text-position.ts';
export * from './vocabulary.ts';
