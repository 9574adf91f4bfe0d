import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedView, useLiveText } from '#renderer/charts/index.ts';

/** What the browser tells of elements that are watched. */
class Observer {
  static all: Observer[] = [];
  readonly elements = new Set<Element>();
  readonly tell: (entries: readonly { target: Element; isIntersecting: boolean }[]) => void;
  constructor(tell: Observer['tell']) {
    this.tell = tell;
    Observer.all.push(this);
  }
  observe(element: Element): void {
    this.elements.add(element);
  }
  unobserve(element: Element): void {
    this.elements.delete(element);
  }
}

const see = (element: Element, isIntersecting: boolean): void => {
  for (const { elements, tell } of Observer.all) if (elements.has(element)) tell([{ target: element, isIntersecting }]);
};

/** Moves the crosshair and waits for the frame that tells of it. */
async function move(view: SharedView, time: number): Promise<void> {
  const told = new Promise<void>((resolve) => {
    const stop = view.subscribe(() => {
      stop();
      resolve();
    });
  });
  view.hover(time);
  await act(() => told);
}

beforeEach(() => vi.stubGlobal('IntersectionObserver', Observer));
afterEach(() => vi.unstubAllGlobals());

function Text({ view, tag, asked }: { view: SharedView; tag: 'b' | 'i'; asked: () => void }) {
  const ref = useLiveText<HTMLElement>(view, () => {
    asked();
    return `at ${view.crosshair ?? 'nothing'}`;
  });
  return tag === 'b' ? <b ref={ref} /> : <i ref={ref} />;
}

test('text out of view is written once it comes back, and stands in one node all the time', async () => {
  const view = new SharedView();
  const asked = vi.fn();
  const { container, rerender, unmount } = render(<Text view={view} tag="b" asked={asked} />);
  const element = container.querySelector('b') as HTMLElement;
  expect(element.textContent).toBe('at nothing');
  const node = element.firstChild;
  await move(view, 1);
  expect(element.textContent).toBe('at 1');
  expect(element.firstChild).toBe(node);

  see(element, false);
  asked.mockClear();
  await move(view, 2);
  expect(asked).not.toHaveBeenCalled();
  expect(element.textContent).toBe('at 1');
  see(element, true);
  expect(element.textContent).toBe('at 2');

  // Another element in its place is watched instead, and counts as seen until it is told otherwise.
  see(element, false);
  rerender(<Text view={view} tag="i" asked={asked} />);
  const other = container.querySelector('i') as HTMLElement;
  await move(view, 3);
  expect(other.textContent).toBe('at 3');
  unmount();
  expect(Observer.all.every(({ elements }) => elements.size === 0)).toBe(true);
});
