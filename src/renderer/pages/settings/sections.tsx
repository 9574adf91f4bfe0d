import {
  IconDatabase,
  IconInfoCircle,
  IconKeyboard,
  IconPalette,
  IconServer2,
  IconShieldLock,
  IconTopologyStar3,
  IconTransfer,
  type Icon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { DiscoverySection } from './discovery-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { ShortcutsSection } from './shortcuts-section.tsx';
import { StorageSection } from './storage-section.tsx';
import { TargetsSection } from './targets-section.tsx';
import { TransferSection } from './transfer-section.tsx';

export interface SectionInfo {
  /** Its part of the address: `#/settings/<id>`. */
  readonly id: 'targets' | 'discovery' | 'storage' | 'transfer' | 'appearance' | 'shortcuts' | 'privacy' | 'about';
  readonly title: `section.${SectionInfo['id']}`;
  readonly group: 'collect' | 'app';
  readonly icon: Icon;
  readonly component: ComponentType;
}

export const sections: readonly SectionInfo[] = [
  { id: 'targets', title: 'section.targets', group: 'collect', icon: IconServer2, component: TargetsSection },
  {
    id: 'discovery',
    title: 'section.discovery',
    group: 'collect',
    icon: IconTopologyStar3,
    component: DiscoverySection,
  },
  { id: 'storage', title: 'section.storage', group: 'collect', icon: IconDatabase, component: StorageSection },
  { id: 'transfer', title: 'section.transfer', group: 'collect', icon: IconTransfer, component: TransferSection },
  { id: 'appearance', title: 'section.appearance', group: 'app', icon: IconPalette, component: AppearanceSection },
  { id: 'shortcuts', title: 'section.shortcuts', group: 'app', icon: IconKeyboard, component: ShortcutsSection },
  { id: 'privacy', title: 'section.privacy', group: 'app', icon: IconShieldLock, component: PrivacySection },
  { id: 'about', title: 'section.about', group: 'app', icon: IconInfoCircle, component: AboutSection },
];

/** The section of an address; an unknown one is Targets. */
export function sectionOf(id: string | undefined): SectionInfo {
  return sections.find((section) => section.id === id) ?? sections[0];
}
