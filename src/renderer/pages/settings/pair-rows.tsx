import { Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { IconButton } from '#renderer/ui/index.ts';
import styles from './form.module.css';
import { TextField } from './text-field.tsx';

export type Pair = readonly [name: string, value: string];

interface PairRowsProps {
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
  readonly disabled: boolean;
  readonly changed: (index: number) => boolean;
  /** Rows that were there and are not any more. */
  readonly removed?: boolean;
  readonly problem?: (index: number) => string | null;
  readonly words: {
    readonly add: string;
    readonly name: string;
    readonly value: (name: string) => string;
    readonly remove: (name: string) => string;
  };
}

/** Names with values, one a row, and a button that adds a row. */
export function PairRows({ pairs, onChange, disabled, changed, removed = false, problem, words }: PairRowsProps) {
  return (
    <div className={styles.rows}>
      {pairs.map(([name, value], i) => (
        // A row has no identity but its place; editing its name must not lose the focus.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={i}>
          <div className={styles.single}>
            <TextField
              label={words.name}
              className={styles.name}
              value={name}
              onChange={(next) => onChange(pairs.with(i, [next, value]))}
              changed={false}
              invalid={(problem?.(i) ?? null) !== null}
              disabled={disabled}
              autoFocus={name === '' && value === ''}
            />
            <TextField
              label={words.value(name)}
              className={styles.grow}
              value={value}
              onChange={(next) => onChange(pairs.with(i, [name, next]))}
              changed={changed(i)}
              invalid={false}
              disabled={disabled}
            />
            <IconButton
              label={words.remove(name)}
              disabled={disabled}
              onClick={() => onChange(pairs.filter((_, at) => at !== i))}
            >
              <IconX size={14} stroke={1.6} />
            </IconButton>
          </div>
          {(problem?.(i) ?? null) !== null && (
            <p className={styles.problem} role="alert">
              {problem?.(i)}
            </p>
          )}
        </div>
      ))}
      <div>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconPlus size={14} stroke={1.6} />}
          disabled={disabled}
          className={removed ? styles.changed : undefined}
          onClick={() => onChange([...pairs, ['', '']])}
        >
          {words.add}
        </Button>
      </div>
    </div>
  );
}
