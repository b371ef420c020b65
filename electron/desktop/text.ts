/** The words that the main process itself shows: menu and native dialogs. A missing translation fails the type check. */
import type { Locale, Settings } from '#contract/settings';

const en = {
  file: 'File',
  edit: 'Edit',
  session: 'Session',
  view: 'View',
  window: 'Window',
  help: 'Help',
  about: 'About IPC Scope',
  settings: 'Settings…',
  services: 'Services',
  hide: 'Hide IPC Scope',
  hide_others: 'Hide Others',
  show_all: 'Show All',
  quit: 'Quit IPC Scope',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  select_all: 'Select All',
  start: 'Start',
  pause: 'Pause or Resume',
  stop: 'Stop',
  show_start: 'Start',
  show_live: 'Live',
  show_compare: 'Compare',
  show_sweep: 'Sweep',
  show_runs: 'Runs',
  show_labs: 'Labs',
  reload: 'Reload',
  developer_tools: 'Developer Tools',
  actual_size: 'Actual Size',
  zoom_in: 'Zoom In',
  zoom_out: 'Zoom Out',
  full_screen: 'Full Screen',
  minimize: 'Minimize',
  zoom_window: 'Zoom',
  bring_to_front: 'Bring All to Front',
  close: 'Close Window',
  open_folder: 'Open Folder of Runs',
  manual: 'Linux Manual on Pipes',
  page_lost_title: 'The window stopped working',
  page_lost_message: 'The page of IPC Scope ended several times within five minutes.',
  page_lost_detail:
    'A running session goes on and is recorded. Load the page again, or quit and look at the run later.',
  load_again: 'Load Again',
};

export type DesktopText = Readonly<Record<keyof typeof en, string>>;

const ko: DesktopText = {
  file: '파일',
  edit: '편집',
  session: '세션',
  view: '보기',
  window: '창',
  help: '도움말',
  about: 'IPC Scope 정보',
  settings: '설정…',
  services: '서비스',
  hide: 'IPC Scope 가리기',
  hide_others: '기타 가리기',
  show_all: '모두 보기',
  quit: 'IPC Scope 종료',
  undo: '실행 취소',
  redo: '다시 실행',
  cut: '잘라내기',
  copy: '복사',
  paste: '붙여넣기',
  select_all: '모두 선택',
  start: '시작',
  pause: '일시 정지 또는 계속',
  stop: '중지',
  show_start: '시작',
  show_live: '실시간',
  show_compare: '비교',
  show_sweep: '일괄 측정',
  show_runs: '기록',
  show_labs: '실습',
  reload: '다시 불러오기',
  developer_tools: '개발자 도구',
  actual_size: '실제 크기',
  zoom_in: '확대',
  zoom_out: '축소',
  full_screen: '전체 화면',
  minimize: '최소화',
  zoom_window: '확대/축소',
  bring_to_front: '모두 앞으로 가져오기',
  close: '창 닫기',
  open_folder: '기록 폴더 열기',
  manual: '리눅스 파이프 매뉴얼',
  page_lost_title: '창이 멈췄습니다',
  page_lost_message: 'IPC Scope의 화면이 5분 안에 여러 번 종료되었습니다.',
  page_lost_detail:
    '실행 중인 세션은 계속되고 기록됩니다. 화면을 다시 불러오거나, 종료한 뒤 나중에 기록을 확인하세요.',
  load_again: '다시 불러오기',
};

const TEXTS: Readonly<Record<Locale, DesktopText>> = { en, ko };

export function localeOf(setting: Settings['locale'], systemLocale: string): Locale {
  if (setting !== 'system') return setting;
  return /^ko\b/i.test(systemLocale) ? 'ko' : 'en';
}

export function textOf(locale: Locale): DesktopText {
  return TEXTS[locale];
}
