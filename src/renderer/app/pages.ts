import { IconActivity, IconSettings, IconSquareRoundedLetterF, IconStethoscope, type Icon } from '@tabler/icons-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

export type PageName = 'live' | 'explore' | 'quality' | 'settings';

export interface PageInfo {
  readonly name: PageName;
  readonly title: `nav.${PageName}`;
  readonly icon: Icon;
  /** Place in the rail. */
  readonly rail: 'top' | 'bottom';
  readonly component: LazyExoticComponent<ComponentType>;
}

/** The screens in rail order; each loads its code when it is first shown. */
export const pages: readonly PageInfo[] = [
  {
    name: 'live',
    title: 'nav.live',
    icon: IconActivity,
    rail: 'top',
    component: lazy(() => import('#renderer/pages/live/index.tsx')),
  },
  {
    name: 'explore',
    title: 'nav.explore',
    icon: IconSquareRoundedLetterF,
    rail: 'top',
    component: lazy(() => import('#renderer/pages/explore/index.tsx')),
  },
  {
    name: 'quality',
    title: 'nav.quality',
    icon: IconStethoscope,
    rail: 'top',
    component: lazy(() => import('#renderer/pages/quality/index.tsx')),
  },
  {
    name: 'settings',
    title: 'nav.settings',
    icon: IconSettings,
    rail: 'bottom',
    component: lazy(() => import('#renderer/pages/settings/index.tsx')),
  },
];

export function pageOf(path: readonly string[]): PageInfo {
  return pages.find((page) => page.name === path[0]) ?? pages[0];
}
