import { Modal } from '@mantine/core';
import { IconCommand, IconSearch, IconServer, IconSettings } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, routeTo } from '#renderer/frame/index.ts';
import { hasMod, KeyCap, keyName, MetricGlyph, modKey } from '#renderer/ui/index.ts';
import { searchPalette, type Match, type PaletteItem } from './palette-items.ts';
import styles from './palette.module.css';
import { usePaletteItems } from './use-palette-items.ts';

interface PaletteProps {
  /** Already in the field. */
  readonly initial: string;
  readonly toggleTheme: () => void;
  readonly onClose: () => void;
}

/** Ctrl+K: targets, metrics, commands and settings by name. */
export default function Palette({ initial, toggleTheme, onClose }: PaletteProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened onClose={onClose} size={620} yOffset={96} padding={0} transitionProps={{ duration: 0 }}>
      <Modal.Overlay backgroundOpacity={0.45} color="#000" />
      <Modal.Content aria-label={t('palette.label')}>
        <Modal.Body>
          <PaletteBody initial={initial} toggleTheme={toggleTheme} onDone={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface PaletteBodyProps extends Omit<PaletteProps, 'onClose'> {
  readonly onDone: () => void;
}

function PaletteBody({ initial, toggleTheme, onDone }: PaletteBodyProps) {
  const { t } = useTranslation();
  const items = usePaletteItems(toggleTheme);
  const [text, setText] = useState(initial);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = searchPalette(items, text);
  const matches: readonly Match[] =
    text.trim() === '' || /^[>@]/.test(text) ? found : [...found, asQuery(t, text.trim())];
  const chosen = Math.min(at, matches.length - 1);
  useEffect(() => {
    list.current?.querySelector(`#palette-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const run = (item: PaletteItem | undefined, alternative: boolean) => {
    if (item === undefined) return;
    onDone();
    if (alternative && item.runAlternative !== null) item.runAlternative();
    else item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, matches.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter') run(matches[chosen]?.item, hasMod(event));
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles['palette']} onKeyDown={onKeyDown}>
      <div className={styles['field']}>
        <IconSearch size={16} stroke={1.6} aria-hidden />
        <input
          value={text}
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={chosen >= 0 ? `palette-${chosen}` : undefined}
          aria-label={t('palette.label')}
          placeholder={t('title.search')}
          spellCheck={false}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
        />
        <KeyCap>esc</KeyCap>
      </div>
      <div ref={list} id="palette-list" className={styles['list']} role="listbox" aria-label={t('palette.label')}>
        {matches.map(({ item, marks }, i) => (
          <div key={item.id}>
            {item.kind !== matches[i - 1]?.item.kind && (
              <div className={styles['kind']}>{t(`palette.kind.${item.kind}`)}</div>
            )}
            <div
              id={`palette-${i}`}
              role="option"
              aria-selected={i === chosen}
              className={styles['item']}
              onMouseMove={() => setAt(i)}
              onClick={(event) => run(item, hasMod(event))}
            >
              <ItemIcon item={item} />
              <span className={item.kind === 'metric' ? styles['metric'] : styles['title']}>
                <Marked text={item.title} marks={marks} />
              </span>
              <span className={styles['note']}>{item.note}</span>
              {item.chip !== '' && <span className={styles['chip']}>{item.chip}</span>}
              {item.shortcut !== null && <KeyCap>{item.shortcut}</KeyCap>}
            </div>
          </div>
        ))}
        {matches.length === 0 && <p className={styles['none']}>{t('palette.none', { text })}</p>}
      </div>
      <div className={styles['foot']}>
        <span>
          <KeyCap>↑</KeyCap> <KeyCap>↓</KeyCap> {t('palette.move')}
        </span>
        <span>
          <KeyCap>{keyName('↵')}</KeyCap> {t('palette.open')}
        </span>
        <span>
          <KeyCap>{modKey('↵')}</KeyCap> {t('palette.other')}
        </span>
        <span className={styles['signs']}>
          <KeyCap>{'>'}</KeyCap> {t('palette.commands')} <KeyCap>@</KeyCap> {t('palette.targets')}
        </span>
      </div>
    </div>
  );
}

/** Whatever was typed can be asked as PromQL. */
function asQuery(t: (key: string, values: { readonly text: string }) => string, text: string): Match {
  const run = () => navigate(routeTo(['explore'], { expr: text }));
  const item: PaletteItem = {
    id: 'query',
    kind: 'command',
    title: t('command.runQuery', { text }),
    note: '',
    chip: '',
    metricType: null,
    shortcut: null,
    run,
    runAlternative: run,
  };
  return { item, marks: [] };
}

function ItemIcon({ item }: { readonly item: PaletteItem }) {
  if (item.metricType !== null) return <MetricGlyph type={item.metricType} />;
  if (item.kind === 'target') return <IconServer size={14} stroke={1.6} aria-hidden />;
  if (item.kind === 'setting') return <IconSettings size={14} stroke={1.6} aria-hidden />;
  return <IconCommand size={14} stroke={1.6} aria-hidden />;
}

/** The text with the places that matched marked. */
function Marked({ text, marks }: { readonly text: string; readonly marks: Match['marks'] }) {
  const parts: ReactNode[] = [];
  let done = 0;
  for (const [from, to] of marks) {
    if (from < done) continue;
    parts.push(text.slice(done, from), <mark key={from}>{text.slice(from, to)}</mark>);
    done = to;
  }
  return (
    <>
      {parts}
      {text.slice(done)}
    </>
  );
}
