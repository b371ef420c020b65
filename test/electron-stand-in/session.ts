/** The default session: keeps the handlers that the app sets, so that tests can ask them, and offers downloads. */
import { EventEmitter } from 'node:events';
import type { Download } from 'playwright-core';
import { toApp } from './shown.ts';
import { preventable, strict } from './strict.ts';

export const handlers: {
  request?: Parameters<Electron.Session['setPermissionRequestHandler']>[0];
  check?: Parameters<Electron.Session['setPermissionCheckHandler']>[0];
  device?: Parameters<Electron.Session['setDevicePermissionHandler']>[0];
  display?: Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0];
} = {};

export const defaultSession = strict(
  'Session',
  Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler) => void (handlers.request = handler),
    setPermissionCheckHandler: (handler) => void (handlers.check = handler),
    setDevicePermissionHandler: (handler) => void (handlers.device = handler),
    setDisplayMediaRequestHandler: (handler) => void (handlers.display = handler),
  } satisfies Partial<Electron.Session>),
);

/** Where a person would save the next download; undefined stands for a cancelled dialog. */
export const downloads: {
  saveTo: string | undefined;
  offered: { url: string; name: string; saved: boolean }[];
} = {
  saveTo: undefined,
  offered: [],
};

export async function offerDownload(download: Download, contents: Electron.WebContents): Promise<void> {
  const url = toApp(download.url());
  const name = download.suggestedFilename();
  const item = strict('DownloadItem', {
    getURL: () => url,
    getFilename: () => name,
    setSaveDialogOptions: () => undefined,
  } satisfies Partial<Electron.DownloadItem>);
  const event = preventable({});
  defaultSession.emit('will-download', event, item, contents, null);
  const saved = !event.defaultPrevented && downloads.saveTo !== undefined;
  if (saved) await download.saveAs(downloads.saveTo ?? '');
  else await download.cancel();
  downloads.offered.push({ url, name, saved });
}
