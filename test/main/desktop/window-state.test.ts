import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeWindow } from '../../../src/main/desktop/window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };

describe('placeWindow', () => {
  test('opens where the window was', () => {
    const state = { x: 100, y: 50, width: 1200, height: 800, maximized: false };
    expect(placeWindow('main', state, [screen])).toEqual({ x: 100, y: 50, width: 1200, height: 800 });
  });

  test('opens on a second screen that is still there', () => {
    const state = { x: 2000, y: 50, width: 1200, height: 800, maximized: false };
    const second = { x: 1920, y: 0, width: 1920, height: 1080 };
    expect(placeWindow('main', state, [screen, second])).toMatchObject({ x: 2000, y: 50 });
  });

  test('a screen that is gone: keeps the size, lets the system place it', () => {
    const state = { x: 2000, y: 50, width: 1200, height: 800, maximized: false };
    expect(placeWindow('main', state, [screen])).toEqual({ width: 1200, height: 800 });
  });

  test('the first time: the default size, never larger than the screen', () => {
    expect(placeWindow('main', null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 });
  });

  test('whatever was remembered, the title bar can be reached', () => {
    const coordinate = fc.integer({ min: -10_000, max: 10_000 });
    const size = fc.integer({ min: 200, max: 5000 });
    fc.assert(
      fc.property(coordinate, coordinate, size, size, (x, y, width, height) => {
        const place = placeWindow('main', { x, y, width, height, maximized: false }, [screen]);
        if (place.x === undefined || place.y === undefined) return;
        const visibleWidth = Math.min(place.x + place.width, screen.width) - Math.max(place.x, 0);
        expect(visibleWidth).toBeGreaterThanOrEqual(80);
        expect(place.y).toBeGreaterThanOrEqual(-1);
        expect(place.y).toBeLessThanOrEqual(screen.height - 80);
      }),
    );
  });
});
