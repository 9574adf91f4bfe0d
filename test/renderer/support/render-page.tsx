import './dom.ts';
import { render, type RenderResult } from '@testing-library/react';
import type { ComponentType } from 'react';
import { I18nextProvider } from 'react-i18next';
import { CoreProvider, type RendererClient } from '#renderer/data/index.ts';
import { createFakeCore } from '#renderer/dev/fake-core.ts';
import { createI18n } from '#renderer/i18n/index.ts';
import { ThemeProvider } from '#renderer/theme/index.ts';
import type { MethodName, MethodParams, MethodResults } from '#shared/contract/index.ts';

export interface Asked {
  readonly method: MethodName;
  readonly params: unknown;
}

export interface ScriptedCore {
  readonly client: RendererClient;
  /** Every request, in order. */
  readonly asked: readonly Asked[];
  /** Answers a method from now on; null goes back to the fake's own answer. */
  answer<M extends MethodName>(
    method: M,
    reply: ((params: MethodParams<M>) => MethodResults[M] | Promise<MethodResults[M]>) | null,
  ): void;
}

/** The made-up core with a record of what it was asked, and answers that a test can change. */
export function scriptedCore(scenario = ''): ScriptedCore {
  const fake = createFakeCore(scenario);
  const asked: Asked[] = [];
  const replies = new Map<MethodName, (params: never) => unknown>();
  const client: RendererClient = {
    native: null,
    connection: fake.connection,
    subscribe: fake.subscribe.bind(fake),
    request: async (method, params, options) => {
      asked.push({ method, params });
      const reply = replies.get(method);
      return (await (reply === undefined ? fake.request(method, params, options) : reply(params as never))) as never;
    },
  };
  return {
    client,
    asked,
    answer: (method, reply) => {
      if (reply === null) replies.delete(method);
      else replies.set(method, reply);
    },
  };
}

/** A page with everything it needs around it, at an address. */
export function renderPage(Page: ComponentType, core: ScriptedCore, hash: string): RenderResult {
  window.location.hash = hash;
  return render(
    <I18nextProvider i18n={createI18n('en')}>
      <CoreProvider client={core.client}>
        <ThemeProvider>
          <Page />
        </ThemeProvider>
      </CoreProvider>
    </I18nextProvider>,
  );
}
