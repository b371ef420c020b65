import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { PAGE_ACTIONS, type PageAction } from '#contract/stream';
import { menuTemplate, type MenuOptions } from './menu.ts';
import { localeOf, textOf } from './text.ts';

function template(options: Partial<MenuOptions> = {}): MenuItemConstructorOptions[] {
  const nothing = () => undefined;
  return menuTemplate({
    platform: 'linux',
    development: false,
    text: textOf('en'),
    act: nothing,
    about: nothing,
    openFolder: nothing,
    openManual: nothing,
    ...options,
  });
}

function items(menu: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}

const SYSTEMS = ['linux', 'win32', 'darwin'] as const;

describe.each(SYSTEMS)('menu on %s', (platform) => {
  test('reaches every command of the page exactly once, with a shortcut', () => {
    const acted: PageAction[] = [];
    const all = items(template({ platform, act: (action) => acted.push(action) }));
    for (const action of PAGE_ACTIONS) {
      const found = all.filter((item) => item.id === action);
      expect(found, action).toHaveLength(1);
      expect(found[0]?.accelerator, action).toBeTruthy();
      // The click of this template uses none of its arguments.
      (found[0]?.click as (() => void) | undefined)?.();
    }
    expect(acted.toSorted()).toEqual([...PAGE_ACTIONS].toSorted());
  });

  test('gives no shortcut twice', () => {
    const shortcuts = items(template({ platform, development: true })).flatMap(
      (item) => item.accelerator ?? [],
    );
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });

  test('reloads and opens developer tools only where the app is built', () => {
    const roles = (development: boolean) =>
      items(template({ platform, development })).map((item) => item.role);
    expect(roles(false)).not.toContain('reload');
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(true)).toContain('reload');
  });

  test('every item that is not a separator has a Korean label', () => {
    for (const item of items(template({ platform, text: textOf('ko') }))) {
      if (item.type === 'separator') continue;
      expect(item.label).toMatch(/[가-힣]|IPC Scope/);
    }
  });
});

test('macOS keeps quit and settings in the application menu, others under File', () => {
  expect(items([template({ platform: 'darwin' })[0] ?? {}]).map((item) => item.role)).toContain('quit');
  expect(template({ platform: 'win32' })[0]?.label).toBe('&File');
  expect(template({ platform: 'win32', text: textOf('ko') })[0]?.label).toBe('파일(&F)');
});

test('the language follows the setting, else the system', () => {
  expect(localeOf('en', 'ko-KR')).toBe('en');
  expect(localeOf('system', 'ko-KR')).toBe('ko');
  expect(localeOf('system', 'kok-IN')).toBe('en');
  expect(localeOf('system', 'de-DE')).toBe('en');
});
