/** The whole page in a test's browser, on a fake shell. */
import { render } from 'vitest-browser-svelte';
import { page } from 'vitest/browser';
import App from '../App.svelte';
import '../parts/tokens.css';
import '../parts/base.css';
import { FakeHost } from './fake-host.ts';

export async function openApp(host = new FakeHost(), hash = '#/live'): Promise<FakeHost> {
  localStorage.clear();
  location.hash = hash;
  await page.viewport(1280, 800);
  const { container } = await render(App, { host });
  container.style.height = '100vh';
  return host;
}
