import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIgnored, useRequest } from '#renderer/data/index.ts';
import { navigate, PageFrame, routeTo, TitleActions, useRoute } from '#renderer/frame/index.ts';
import { EmptyState, ErrorNote, useFormat } from '#renderer/ui/index.ts';
import { FindingDetail } from './finding-detail.tsx';
import { FindingList } from './finding-list.tsx';
import { LabelTable, MetricTable } from './quality-tables.tsx';
import styles from './quality.module.css';
import { QualityFacts } from './quality-facts.tsx';
import { SeriesOverTime } from './series-over-time.tsx';
import { TargetBlocks } from './target-blocks.tsx';

/** What is stored, what it costs, and what of it is not worth it. */
export default function QualityPage() {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const route = useRoute();
  const { data: view, error, isFetching, refetch } = useRequest('quality.get', {}, { keepPrevious: true });
  const ignored = useIgnored();
  const [showIgnored, setShowIgnored] = useState(false);
  const all = view?.findings ?? [];
  const open = all.filter(({ id }) => !ignored.has(id));
  const listed = showIgnored ? all : open;
  const wanted = route.path[1];
  const chosen = listed.find(({ id }) => id === wanted) ?? listed[0] ?? null;
  return (
    <PageFrame
      name="quality"
      listWidth={336}
      list={
        <>
          <FindingList
            findings={listed}
            ignored={ignored}
            selected={chosen?.id ?? null}
            hidden={all.length - open.length}
            showIgnored={showIgnored}
            onShowIgnored={setShowIgnored}
            onSelect={(id) => navigate(routeTo(['quality', id]), { replace: true })}
          />
          {chosen !== null ? (
            <FindingDetail
              key={chosen.id}
              finding={chosen}
              ignored={ignored.has(chosen.id)}
              onApplied={() => void refetch()}
            />
          ) : (
            view !== undefined && (
              <p className={styles['nothing']}>{t('nothing', { time: format.time(view.checkedAt, 'clock') })}</p>
            )
          )}
        </>
      }
    >
      <TitleActions>
        {view !== undefined && (
          <span className={styles['checked']}>
            {t('checked', { time: format.time(view.checkedAt, 'clock-seconds') })}
          </span>
        )}
        <Button
          loading={isFetching}
          leftSection={<IconRefresh size={14} stroke={1.6} />}
          onClick={() => void refetch()}
        >
          {t('again')}
        </Button>
      </TitleActions>
      {error !== null && <ErrorNote error={error} />}
      {view === undefined ? (
        error === null && <EmptyState title={t('looking')}>{t('lookingBody')}</EmptyState>
      ) : (
        <div className={styles['main']}>
          <h1 className={styles['heading']}>{t('common:nav.quality')}</h1>
          <QualityFacts view={view} />
          <TargetBlocks view={view} chosen={chosen} />
          <div className={styles['tables']}>
            <MetricTable view={view} chosen={chosen} />
            <div className={styles['labelBox']}>
              <LabelTable view={view} />
              <SeriesOverTime checkedAt={view.checkedAt} />
            </div>
          </div>
        </div>
      )}
    </PageFrame>
  );
}
