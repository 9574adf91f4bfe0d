import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCore, useRequest, useTopic } from '#renderer/data/index.ts';
import { navigate, openSettings, routeTo, togglePanel, useOfferedEntries } from '#renderer/frame/index.ts';
import { modKey } from '#renderer/ui/index.ts';
import type { PaletteItem } from './palette-items.ts';
import { pages } from './pages.ts';

/** Sections of the settings that can be gone to by name; see the settings page. */
const SETTINGS = [
  'targets',
  'discovery',
  'storage',
  'transfer',
  'appearance',
  'shortcuts',
  'privacy',
  'about',
] as const;

const BASE = { note: '', chip: '', metricType: null, shortcut: null, runAlternative: null } as const;

/** Everything the palette knows. Asked for only while it is open. */
export function usePaletteItems(toggleTheme: () => void): readonly PaletteItem[] {
  const { t } = useTranslation();
  const { native } = useCore();
  const { data: targets } = useTopic('targets', {});
  const { data: metadata } = useRequest('metadata.list', { source: 'local' }, { fresh: true });
  const offered = useOfferedEntries();
  return useMemo(() => {
    const items: PaletteItem[] = offered.map((entry) => ({
      ...BASE,
      ...entry,
      id: `chart ${entry.id}`,
      kind: 'chart',
    }));
    for (const target of targets?.active ?? []) {
      items.push({
        ...BASE,
        id: `target ${target.id}`,
        kind: 'target',
        title: target.name,
        note: target.builtin ? '' : target.url,
        chip: t(`health.${target.health}`),
        run: () => navigate(routeTo(['live', target.id])),
        runAlternative: () => openSettings(native, ['targets', target.job]),
      });
    }
    for (const [family, entries] of Object.entries(metadata?.metadata ?? {})) {
      const [entry] = entries;
      if (entry === undefined) continue;
      const explore = () => navigate(routeTo(['explore'], { expr: family }));
      items.push({
        ...BASE,
        id: `metric ${family}`,
        kind: 'metric',
        title: family,
        note: entry.help,
        metricType: entry.type,
        run: explore,
        runAlternative: explore,
      });
    }
    const command = (id: string, title: string, run: () => void, shortcut: string | null = null) =>
      items.push({ ...BASE, id: `command ${id}`, kind: 'command', title, shortcut, run });
    for (const [i, page] of pages.entries()) {
      if (page.name === 'settings') continue;
      const go = () => navigate(routeTo([page.name]));
      command(page.name, t('command.go', { page: t(page.title) }), go, modKey(String(i + 1)));
    }
    command('add', t('command.addTarget'), () => navigate(routeTo(['live'], { add: '' })));
    command('theme', t('command.theme'), toggleTheme, modKey('⇧L'));
    command('list', t('command.list'), () => togglePanel('list'), modKey('\\'));
    command('inspector', t('command.inspector'), () => togglePanel('inspector'), modKey('I'));
    if (native !== null) command('folder', t('command.folder'), () => native.showDataFolder());
    for (const section of SETTINGS) {
      items.push({
        ...BASE,
        id: `setting ${section}`,
        kind: 'setting',
        title: t(`settingsSection.${section}`),
        chip: t('nav.settings'),
        run: () => openSettings(native, [section]),
      });
    }
    return items;
  }, [t, native, targets, metadata, offered, toggleTheme]);
}
