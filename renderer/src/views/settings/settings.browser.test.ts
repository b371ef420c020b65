/** Language and appearance change at once, and are kept. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { FakeHost } from '../../test-support/fake-host.ts';
import { openApp } from '../../test-support/open-app.ts';

test('switches between English and Korean while it runs', async () => {
  const host = await openApp(undefined, '#/settings');
  await page.getByText('한국어').click();
  await expect.element(page.getByRole('heading', { name: '설정' })).toBeVisible();
  expect(document.documentElement.lang).toBe('ko');
  expect(host.asked('settings.set')).toEqual([{ locale: 'ko' }]);
  await page.getByText('English').click();
  await expect.element(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('switches between light and dark', async () => {
  await openApp(undefined, '#/settings');
  await page.getByText('Dark', { exact: true }).click();
  expect(document.documentElement.dataset['theme']).toBe('dark');
  await page.getByText('Light', { exact: true }).click();
  expect(document.documentElement.dataset['theme']).toBe('light');
});

test('remembers the view', async () => {
  await openApp(undefined, '#/settings');
  await expect.element(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  expect(localStorage.getItem('ipc-scope:address')).toBe('#/settings');
  await expect.element(page.getByTestId('data-folder')).toHaveTextContent('/data');
});

test('says when a setting cannot be kept', async () => {
  const error = { code: 'disk_full' as const, message: 'm', remedy: 'r', errno: 'ENOSPC' };
  await openApp(new FakeHost({ 'settings.set': () => ({ ok: false, error }) }), '#/settings');
  await page.getByText('Dark', { exact: true }).click();
  await expect.element(page.getByTestId('toast')).toHaveTextContent('ENOSPC');
});
