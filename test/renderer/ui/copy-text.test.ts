import '../support/dom.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { copyText } from '#renderer/ui/copy-text.ts';

const writeText = vi.fn<(text: string) => Promise<void>>();

/** What the page's own clipboard command finds selected, and whether it works. */
function command(works: boolean): { selected: string | null } {
  const found: { selected: string | null } = { selected: null };
  const execCommand = (): boolean => {
    const field = document.activeElement;
    if (field instanceof HTMLTextAreaElement)
      found.selected = field.value.slice(field.selectionStart, field.selectionEnd);
    return works;
  };
  Object.defineProperty(document, 'execCommand', { configurable: true, value: execCommand });
  return found;
}

function clipboard(value: unknown): void {
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value });
}

afterEach(() => {
  writeText.mockReset();
  document.body.replaceChildren();
});

test('the browser is asked where it lets pages have the clipboard', async () => {
  const { selected } = command(true);
  clipboard({ writeText: writeText.mockResolvedValue() });
  expect(await copyText('up')).toBe(true);
  expect(writeText).toHaveBeenCalledExactlyOnceWith('up');
  expect(selected).toBeNull();
});

test.each([
  ['there is none without TLS', undefined],
  ['it is refused', { writeText: () => Promise.reject(new Error('denied')) }],
])('else the text is selected and copied, and the focus is where it was: %s', async (_why, value) => {
  const found = command(true);
  clipboard(value);
  const button = document.createElement('button');
  document.body.append(button);
  button.focus();
  expect(await copyText('rate(a[1m])')).toBe(true);
  expect(found.selected).toBe('rate(a[1m])');
  expect(document.activeElement).toBe(button);
  expect(document.querySelector('textarea')).toBeNull();
});

test('when neither works that is said', async () => {
  command(false);
  clipboard(undefined);
  expect(await copyText('up')).toBe(false);
});
