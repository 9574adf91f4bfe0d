import { Button, Menu } from '@mantine/core';
import { IconArrowsDiff, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Comparison } from './explore-address.ts';

const CHOICES: readonly (Comparison | null)[] = [null, 'day', 'week'];
const NOTHING = 'none';

interface CompareMenuProps {
  readonly value: Comparison | null;
  readonly onChange: (value: Comparison | null) => void;
}

/** Whether the chart shows the same hours of yesterday or last week too. */
export function CompareMenu({ value, onChange }: CompareMenuProps) {
  const { t } = useTranslation('explore');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color={value === null ? 'gray' : 'pilot'}
          leftSection={<IconArrowsDiff size={14} stroke={1.6} />}
          title={t('compare.title')}
        >
          {value === null ? t('compare.title') : t(`compare.${value}`)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={value ?? NOTHING}
          onChange={(next) => onChange(CHOICES.find((choice) => choice === next) ?? null)}
        >
          {CHOICES.map((choice) => (
            <Menu.RadioItem
              key={choice ?? NOTHING}
              value={choice ?? NOTHING}
              checkIcon={<IconCheck size={14} stroke={1.6} />}
              closeMenuOnClick
            >
              {t(`compare.${choice ?? NOTHING}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
