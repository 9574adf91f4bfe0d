import { createContext, use, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** Places in the title bar that the page in view fills. */
export interface TitleSlots {
  readonly breadcrumb: HTMLElement | null;
  readonly actions: HTMLElement | null;
}

export const TitleSlotsContext = createContext<TitleSlots>({ breadcrumb: null, actions: null });

/** Puts a page's controls (time range, live state) at the right of the title bar. */
export function TitleActions({ children }: { readonly children: ReactNode }) {
  const { actions } = use(TitleSlotsContext);
  return actions === null ? null : createPortal(children, actions);
}

/** Says where in the page the person is, after the page's own name. */
export function TitleBreadcrumb({ children }: { readonly children: ReactNode }) {
  const { breadcrumb } = use(TitleSlotsContext);
  return breadcrumb === null ? null : createPortal(children, breadcrumb);
}
