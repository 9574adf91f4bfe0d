import { Button, Popover, TextInput } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState, type FormEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { readClock, useFormat } from '#renderer/ui/index.ts';
import styles from './go-to-time.module.css';
import { parseWhen } from './parse-when.ts';

interface Typed {
  readonly from: string;
  readonly to: string;
}

interface GoToFormProps {
  /** The button and what belongs to it: a click there is none outside. */
  readonly place: RefObject<HTMLElement | null>;
  readonly typed: Typed;
  readonly setTyped: (typed: Typed) => void;
  readonly onGo: (from: Millis, to: Millis | null) => void;
  readonly onClose: () => void;
}

/** Goes to a moment, or to what lies between two: typed as one thinks of it. */
export default function GoToForm({ place, typed, setTyped, onGo, onClose }: GoToFormProps) {
  const { t } = useTranslation('common');
  const format = useFormat();
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<'from' | 'to' | 'order' | null>(null);
  useFocusGivenBack(form);
  useEffect(() => {
    const onPress = ({ target }: PointerEvent): void => {
      const inside = [place.current, form.current].some((one) => target instanceof Node && one?.contains(target));
      if (!inside) onClose();
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [place, onClose]);
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const now = readClock();
    const start = parseWhen(typed.from, now, format.zone);
    const end = typed.to.trim() === '' ? null : parseWhen(typed.to, now, format.zone);
    if (start === null) setWrong('from');
    else if (typed.to.trim() !== '' && end === null) setWrong('to');
    else if (end !== null && end <= start) setWrong('order');
    else {
      onGo(start, end);
      onClose();
    }
  };
  return (
    <Popover
      opened
      onChange={(opened) => {
        if (!opened) onClose();
      }}
      position="bottom-end"
      width={300}
      trapFocus
      closeOnClickOutside={false}
      // The button says what it is; a span may not.
      withRoles={false}
    >
      <Popover.Target>
        <span className={styles['anchor']} aria-hidden />
      </Popover.Target>
      <Popover.Dropdown p={12}>
        <form ref={form} className={styles['form']} onSubmit={go}>
          <TextInput
            label={t('goTo.from')}
            placeholder={t('goTo.example')}
            value={typed.from}
            data-autofocus
            error={wrong === 'from' ? t('goTo.notATime') : null}
            onChange={(event) => setTyped({ ...typed, from: event.currentTarget.value })}
          />
          <TextInput
            label={t('goTo.to')}
            placeholder={t('goTo.optional')}
            value={typed.to}
            error={wrong === 'to' ? t('goTo.notATime') : wrong === 'order' ? t('goTo.order') : null}
            onChange={(event) => setTyped({ ...typed, to: event.currentTarget.value })}
          />
          <p className={styles['hint']}>{t('goTo.hint')}</p>
          <Button type="submit" variant="filled">
            {t('goTo.go')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What had the focus before has it again after, unless the person went elsewhere meanwhile. */
function useFocusGivenBack(inside: RefObject<HTMLElement | null>): void {
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(
    () => () => {
      const { activeElement } = document;
      const elsewhere = activeElement !== document.body && inside.current?.contains(activeElement) !== true;
      if (!elsewhere && before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before, inside],
  );
}
