/** Nothing is allowed that the app does not need: permissions, devices, navigation, windows, downloads. */
import type { App, Session, Shell } from 'electron';
import { isOwnBlob, isOwnPage, isPage, mayOpenExternally } from './rules.ts';

/** Denies what a page could ask of a browser. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.on('will-download', (event, item) => {
    // What our page made itself is saved where a person says: without a save path Electron shows its dialog.
    if (isOwnBlob(item.getURL())) item.setSaveDialogOptions({ defaultPath: item.getFilename() });
    else event.preventDefault();
  });
}

/** Keeps every page, present and future, where it is. */
export function hardenContents(app: App, openExternal: Shell['openExternal']): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (details) => {
      // The page may load itself again; anywhere else it has nothing to look for.
      if (!(details.isMainFrame && isPage(details.url))) details.preventDefault();
    });
    contents.on('will-frame-navigate', (details) => {
      if (!details.isMainFrame) details.preventDefault();
    });
    contents.on('will-redirect', (details) => {
      if (!isOwnPage(details.url)) details.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenExternally(url)) void openExternal(url);
      return { action: 'deny' };
    });
  });
}
