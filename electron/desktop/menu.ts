/** The application menu as data: the same commands everywhere, in the places where each system keeps them. */
import type { MenuItemConstructorOptions } from 'electron';
import { VIEWS, type PageAction } from '#contract/stream';
import type { DesktopText } from './text.ts';

export interface MenuOptions {
  platform: NodeJS.Platform;
  /** Reload and developer tools, for those who build the app. */
  development: boolean;
  text: DesktopText;
  /** Carried out by the page. */
  act(action: PageAction): void;
  about(): void;
  openFolder(): void;
  openManual(): void;
}

export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { text, act } = options;
  const mac = options.platform === 'darwin';
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const page = (label: string, action: PageAction, accelerator: string): MenuItemConstructorOptions => ({
    id: action,
    label,
    accelerator,
    click: () => act(action),
  });
  const settings = page(text.settings, 'show_settings', 'CmdOrCtrl+,');
  const about: MenuItemConstructorOptions = { id: 'about', label: text.about, click: options.about };

  return [
    ...(mac
      ? [
          {
            label: 'IPC Scope',
            submenu: [
              about,
              line,
              settings,
              line,
              { role: 'services' as const, label: text.services },
              line,
              { role: 'hide' as const, label: text.hide },
              { role: 'hideOthers' as const, label: text.hide_others },
              { role: 'unhide' as const, label: text.show_all },
              line,
              { role: 'quit' as const, label: text.quit },
            ],
          },
        ]
      : []),
    {
      label: mnemonic(text.file, 'F', mac),
      submenu: [
        { id: 'open_folder', label: text.open_folder, click: options.openFolder },
        line,
        ...(mac
          ? [{ role: 'close' as const, label: text.close }]
          : [settings, line, { role: 'quit' as const, label: text.quit }]),
      ],
    },
    {
      label: mnemonic(text.edit, 'E', mac),
      submenu: [
        { role: 'undo', label: text.undo },
        { role: 'redo', label: text.redo },
        line,
        { role: 'cut', label: text.cut },
        { role: 'copy', label: text.copy },
        { role: 'paste', label: text.paste },
        { role: 'selectAll', label: text.select_all },
      ],
    },
    {
      label: mnemonic(text.session, 'S', mac),
      submenu: [
        page(text.start, 'start', 'CmdOrCtrl+Enter'),
        page(text.pause, 'pause', 'CmdOrCtrl+P'),
        page(text.stop, 'stop', 'CmdOrCtrl+.'),
      ],
    },
    {
      label: mnemonic(text.view, 'V', mac),
      submenu: [
        ...VIEWS.flatMap((view, i) =>
          view === 'settings' ? [] : [page(text[`show_${view}`], `show_${view}`, `CmdOrCtrl+${i + 1}`)],
        ),
        line,
        ...(options.development
          ? [
              { role: 'reload' as const, label: text.reload },
              { role: 'toggleDevTools' as const, label: text.developer_tools },
              line,
            ]
          : []),
        { role: 'resetZoom', label: text.actual_size },
        { role: 'zoomIn', label: text.zoom_in },
        { role: 'zoomOut', label: text.zoom_out },
        line,
        { role: 'togglefullscreen', label: text.full_screen },
      ],
    },
    {
      label: mnemonic(text.window, 'W', mac),
      role: 'window',
      submenu: [
        { role: 'minimize', label: text.minimize },
        ...(mac
          ? [
              { role: 'zoom' as const, label: text.zoom_window },
              line,
              { role: 'front' as const, label: text.bring_to_front },
            ]
          : [{ role: 'close' as const, label: text.close }]),
      ],
    },
    {
      label: mnemonic(text.help, 'H', mac),
      role: 'help',
      submenu: [
        { id: 'manual', label: text.manual, click: options.openManual },
        ...(mac ? [] : [line, about]),
      ],
    },
  ];
}

/** Alt opens menus by a letter: underlined in English, in brackets behind a Korean word, as Windows does. */
function mnemonic(label: string, letter: string, mac: boolean): string {
  if (mac) return label;
  return label.startsWith(letter) ? `&${label}` : `${label}(&${letter})`;
}
