import { useTranslation } from 'react-i18next';
import type { QualityFinding } from '#shared/contract/index.ts';

/** How bad it is, by shape and colour. */
export function SeverityMark({ severity }: Pick<QualityFinding, 'severity'>) {
  const { t } = useTranslation('quality');
  const color = { crit: 'var(--crit)', warn: 'var(--warn)', info: 'var(--info)' }[severity];
  return (
    <svg width={8} height={8} viewBox="0 0 8 8" role="img" aria-label={t(`severity.${severity}`)}>
      {severity === 'crit' && <path d="M4 0 8 4 4 8 0 4Z" fill={color} />}
      {severity === 'warn' && <circle cx={4} cy={4} r={3} fill="none" stroke={color} strokeWidth={2} />}
      {severity === 'info' && <circle cx={4} cy={4} r={3} fill={color} />}
    </svg>
  );
}
