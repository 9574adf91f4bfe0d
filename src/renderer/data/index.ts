export { CoreProvider, useCore } from './core-context.tsx';
export { findClient } from './find-client.ts';
export * from './hooks.ts';
export { forgetSessionToken } from './session-token.ts';
export type { ConnectionSource, RendererClient } from './renderer-client.ts';
export type { StateTopic, TopicState } from './topic-store.ts';
export { LiveStore, type LiveOptions, type LiveQuery } from './live-store.ts';
export { LiveWindow } from './live-window.ts';
export { setIgnored, useIgnored, useOpenFindings } from './ignored-findings.ts';
