import type { TFunction } from 'i18next';

/** How rows of labels are called. */
export function labelWords(t: TFunction<'settings'>) {
  return {
    add: t('label.add'),
    name: t('label.name'),
    value: (name: string) => t('label.value', { name }),
    remove: (name: string) => t('label.remove', { name }),
  };
}
