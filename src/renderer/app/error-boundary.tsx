import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Translation } from 'react-i18next';
import { EmptyState } from '#renderer/ui/index.ts';

/** Keeps a page that throws from taking the window with it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <EmptyState
            title={t('crash.title')}
            action={<Button onClick={() => this.setState({ failed: false })}>{t('crash.reload')}</Button>}
          >
            {t('crash.body')}
          </EmptyState>
        )}
      </Translation>
    );
  }
}
