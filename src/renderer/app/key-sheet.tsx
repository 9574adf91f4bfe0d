import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KEY_MAP } from '#renderer/frame/index.ts';
import { KeyCap } from '#renderer/ui/index.ts';
import styles from './key-sheet.module.css';

/** All keys on one sheet. */
export default function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keySheet.title')}
      size={860}
      closeButtonProps={{ 'aria-label': t('keySheet.close') }}
    >
      <div className={styles['groups']}>
        {KEY_MAP.map((group) => (
          <section key={group.title}>
            <h3>{t(`keySheet.group.${group.title}`)}</h3>
            <dl>
              {group.keys.map(([keys, does]) => (
                <div key={does}>
                  <dt>
                    {keys.map((key) => (
                      <KeyCap key={key}>{key}</KeyCap>
                    ))}
                  </dt>
                  <dd>{t(`keySheet.does.${does}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
