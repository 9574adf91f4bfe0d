import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isTextField } from '#renderer/ui/index.ts';
import styles from './page-frame.module.css';
import { useLayout } from './layout-store.ts';
import { PanelHandle } from './panel-handle.tsx';
import { useMediaQuery } from './use-media-query.ts';

export interface PageFrameProps {
  /** Names the page for the remembered widths. */
  readonly name: string;
  readonly list?: ReactNode;
  readonly inspector?: ReactNode;
  readonly children: ReactNode;
  /** Width of the list until it is dragged, pixels. */
  readonly listWidth?: number;
  readonly inspectorWidth?: number;
  /** The inspector holds what the page is about now: it is open whatever was chosen. */
  readonly inspectorPinned?: boolean;
}

export const LIST_MIN = 180;
export const LIST_MAX = 400;

/** List, main area and inspector of a page. The side panels collapse (Ctrl+\, Ctrl+I) and lie over the page when narrow. */
export function PageFrame({
  name,
  list,
  inspector,
  children,
  listWidth = 208,
  inspectorWidth = 280,
  inspectorPinned = false,
}: PageFrameProps) {
  const { t } = useTranslation();
  const listOver = useMediaQuery('(max-width: 1079px)');
  const inspectorOver = useMediaQuery('(max-width: 1199px)');
  const listPanel = usePanel(`${name}.list`, listWidth, listOver);
  const inspectorPanel = usePanel(`${name}.inspector`, inspectorWidth, inspectorOver);
  usePanelKeys(listPanel.toggle, inspectorPanel.toggle);
  const hasList = list !== undefined && listPanel.open;
  const hasInspector = inspector !== undefined && (inspectorPinned || inspectorPanel.open);

  return (
    <div className={styles['frame']}>
      {hasList && (
        <aside
          className={styles['list']}
          data-over={listOver || undefined}
          style={{ width: listPanel.width }}
          aria-label={t('region.list')}
        >
          {list}
          <PanelHandle
            side="end"
            label={t('panel.resizeList')}
            width={listPanel.width}
            min={LIST_MIN}
            max={LIST_MAX}
            onWidth={listPanel.setWidth}
          />
        </aside>
      )}
      <main className={styles['main']} aria-label={t('region.main')}>
        {children}
      </main>
      {hasInspector && (
        <aside
          className={styles['inspector']}
          data-over={inspectorOver || undefined}
          style={{ width: inspectorPanel.width }}
          aria-label={t('region.inspector')}
        >
          {inspector}
          <PanelHandle
            side="start"
            label={t('panel.resizeInspector')}
            width={inspectorPanel.width}
            min={240}
            max={480}
            onWidth={inspectorPanel.setWidth}
          />
        </aside>
      )}
    </div>
  );
}

interface Panel {
  readonly open: boolean;
  readonly width: number;
  readonly toggle: () => void;
  readonly setWidth: (width: number) => void;
}

/** Over the page a panel starts closed, and its state there is its own. */
function usePanel(name: string, initialWidth: number, over: boolean): Panel {
  const openName = over ? `${name}.over` : name;
  const { panels, setWidth, setOpen } = useLayout();
  const open = panels[openName]?.open ?? !over;
  const remembered = panels[name]?.width ?? 0;
  return {
    open,
    width: remembered > 0 ? remembered : initialWidth,
    toggle: () => setOpen(openName, !open),
    setWidth: (width) => setWidth(name, width),
  };
}

/** Opens or closes a panel of the page in view: what Ctrl+\ and Ctrl+I, and buttons anywhere, do. */
export function togglePanel(panel: 'list' | 'inspector'): void {
  window.dispatchEvent(new CustomEvent(PANEL_EVENT, { detail: panel }));
}

const PANEL_EVENT = 'hearth-toggle-panel';

function usePanelKeys(toggleList: () => void, toggleInspector: () => void): void {
  useEffect(() => {
    const onToggle = (event: Event) => {
      if (!(event instanceof CustomEvent)) return;
      if (event.detail === 'list') toggleList();
      else toggleInspector();
    };
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (event.key === '\\') toggleList();
      else if (event.key.toLowerCase() === 'i' && !isTextField(event.target)) toggleInspector();
      else return;
      event.preventDefault();
    };
    window.addEventListener(PANEL_EVENT, onToggle);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener(PANEL_EVENT, onToggle);
      window.removeEventListener('keydown', onKey);
    };
  });
}
