/** Errors about sweeps in words. */
import type { AppError } from '../errors.ts';
import type { Locale } from '../settings.ts';

type SweepCode = 'sweep_busy' | 'sweep_unknown' | 'sweep_empty' | 'sweep_state' | 'sweep_moved';
type Sentences = Record<SweepCode, (error: AppError) => [what: string, remedy: string]>;

/** How a sweep's states are called within a sentence. */
const STATES: Readonly<Record<string, Record<Locale, string>>> = {
  running: { en: 'running', ko: '진행 중' },
  paused: { en: 'paused', ko: '일시 정지 중' },
  finished: { en: 'finished', ko: '끝난 상태' },
  cancelled: { en: 'cancelled', ko: '취소된 상태' },
  interrupted: { en: 'interrupted', ko: '중간에 끊긴 상태' },
  elsewhere: { en: 'running in another IPC Scope', ko: '다른 IPC Scope에서 진행 중' },
};

const state = (name: string | undefined, locale: Locale): string =>
  STATES[name ?? '']?.[locale] ?? name ?? '?';

export const sweepErrorsEn: Sentences = {
  sweep_busy: () => [
    'A sweep is running; another session beside it would spoil its figures.',
    'Pause or cancel the sweep first, or wait until it has finished.',
  ],
  sweep_unknown: (e) => [
    `There is no sweep ${e.value ?? '?'}.`,
    'It may have been deleted. The list of sweeps shows those there are.',
  ],
  sweep_empty: () => [
    'This system can do none of these combinations.',
    'Choose other sizes, patterns or mechanisms; the reasons are listed with the combinations that are left out.',
  ],
  sweep_state: (e) => [
    `This cannot be done while the sweep is ${state(e.value, 'en')}.`,
    e.value === 'elsewhere'
      ? 'Use the IPC Scope in which it runs.'
      : 'Look at its state first: it may have changed in the meantime.',
  ],
  sweep_moved: () => [
    'This sweep was begun on another system, or with another version of the helper.',
    'Its figures would not belong together: start a new sweep with the same settings.',
  ],
};

export const sweepErrorsKo: Sentences = {
  sweep_busy: () => [
    '일괄 측정이 진행 중입니다. 다른 세션을 함께 실행하면 측정값을 망칩니다.',
    '일괄 측정을 일시 정지하거나 취소하세요. 끝날 때까지 기다려도 됩니다.',
  ],
  sweep_unknown: (e) => [
    `일괄 측정 ${e.value ?? '?'}이(가) 없습니다.`,
    '삭제되었을 수 있습니다. 남아 있는 것은 목록에서 볼 수 있습니다.',
  ],
  sweep_empty: () => [
    '이 시스템에서 측정할 수 있는 조합이 하나도 없습니다.',
    '크기나 패턴, 통신 방식을 바꾸세요. 제외된 조합마다 이유가 나와 있습니다.',
  ],
  sweep_state: (e) => [
    `일괄 측정이 ${state(e.value, 'ko')}일 때는 할 수 없는 일입니다.`,
    e.value === 'elsewhere'
      ? '일괄 측정을 시작한 IPC Scope에서 조작하세요.'
      : '그사이에 상태가 바뀌었을 수 있으니 먼저 상태를 확인하세요.',
  ],
  sweep_moved: () => [
    '이 일괄 측정은 다른 시스템이나 다른 버전의 측정 도우미로 시작한 것입니다.',
    '이어서 측정하면 서로 맞지 않는 값이 섞입니다. 같은 설정으로 새로 시작하세요.',
  ],
};
