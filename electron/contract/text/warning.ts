/** Warnings of a summary in a person's language. The helper writes English; the other languages go by its code. */
import type { Warning } from '../frames.ts';
import type { Locale } from '../settings.ts';

export type WarningText = Pick<Warning, 'cause' | 'effect' | 'remedy'>;

/** By the codes in native/src/session/warnings.cpp; a test holds the two together. */
export const KOREAN_WARNINGS: Record<string, WarningText> = {
  too_few_samples: {
    cause: '지연 시간 표본이 너무 적습니다.',
    effect: '높은 백분위수(p99, p99.9)는 우연에 크게 좌우됩니다.',
    remedy: '더 오래 실행하거나 메시지 수를 늘리세요.',
  },
  process_stopped: {
    cause: '측정하는 동안 무언가(SIGSTOP)가 프로세스를 멈추어 두었습니다.',
    effect: '멈춘 시간만큼 처리량이 낮게 나오고, 가장 긴 지연은 멈춘 시간만큼 길어집니다.',
    remedy: '그것을 보려는 것이 아니라면 멈추지 않고 다시 측정하세요.',
  },
  wake_up_cost: {
    cause: '쉬는 동안 전력을 아끼는 다른 CPU의 프로세스를 깨우는 데, 같은 CPU에서보다 훨씬 오래 걸립니다.',
    effect: '왕복 시간 중앙값의 절반 이상이 통신 방식이 아니라 CPU를 깨우는 시간일 수 있습니다.',
    remedy:
      '한 CPU에 배치해(placement same) 비교하거나, 깨어서 기다리게 하거나(sync spin), CPU가 깊이 잠들지 않게 하세요(cpupower idle-set -D 0, governor performance). 가상 머신에서는 호스트의 설정에 달렸습니다.',
  },
  crowded_cpus: {
    cause: '실행하려는 프로세스가 CPU보다 많았습니다.',
    effect: '두 프로세스가 CPU를 기다리는 동안 지연이 늘고 처리량이 줄어듭니다.',
    remedy: '다른 프로그램을 끝내거나, 서로 다른 CPU에 배치하세요.',
  },
  involuntary_switches: {
    cause: '두 프로세스가 CPU를 자주 빼앗겼습니다(비자발적 문맥 교환).',
    effect: '최댓값과 높은 백분위수에 통신 방식이 아닌 스케줄러의 영향이 섞입니다.',
    remedy: '다른 부하를 줄이거나 CPU를 지정해 실행하세요.',
  },
  coarse_clock: {
    cause: '이 시스템의 시계는 해상도가 낮습니다.',
    effect: '짧은 지연 시간이 시계의 눈금 단위로 뭉뚱그려집니다.',
    remedy: '처리량으로 비교하거나, 더 정밀한 시계를 제공하는 시스템에서 측정하세요.',
  },
  stolen_time: {
    cause: '측정하는 동안 하이퍼바이저가 이 컴퓨터의 CPU 시간을 다른 곳에 썼습니다.',
    effect: '그만큼 처리량이 낮게 나올 수 있고, 높은 백분위수에 호스트의 영향이 섞입니다.',
    remedy: '호스트가 한가할 때 측정하거나 전용 컴퓨터에서 측정하세요.',
  },
  buffer_below_message: {
    cause: '메시지가 버퍼보다 큽니다.',
    effect:
      '메시지 하나를 보내고 받는 데 호출이 여러 번 필요하고, 그 사이에 두 프로세스가 서로를 기다립니다.',
    remedy: '그것을 보려는 것이 아니라면 버퍼를 키우거나 메시지를 줄이세요.',
  },
  header_truncated: {
    cause: '메시지가 24바이트 헤더보다 작습니다.',
    effect: '순서 번호나 보낸 시각이 실리지 않아 검증과 지연 측정이 제한됩니다.',
    remedy: '지연과 검증이 필요하면 24바이트 이상으로 실행하세요.',
  },
  signals_merged: {
    cause: '이미 대기 중인 시그널에 합쳐져 도착하지 않은 시그널이 있습니다.',
    effect: '표준 시그널은 켜짐과 꺼짐뿐인 비트라서, 받은 수로 세면 보낸 수보다 적습니다.',
    remedy: '큐에 쌓이는 실시간 시그널을 쓰거나, 응답을 받은 뒤에 다음 시그널을 보내세요.',
  },
  spin_on_one_cpu: {
    cause: '두 프로세스가 한 CPU에서 번갈아 스핀 대기했습니다.',
    effect: '한쪽이 도는 동안 다른 쪽은 일하지 못해 지연이 수 밀리초까지 늘어납니다.',
    remedy: '서로 다른 CPU에 배치하거나, 잠들 수 있는 동기화(futex, 세마포어)를 고르세요.',
  },
  rate_not_reached: {
    cause: '정해 둔 전송률을 채우지 못했습니다.',
    effect: '메시지가 보낼 차례를 기다렸고, 그 시간까지 지연에 들어갑니다.',
    remedy: '밀린 메시지 없이 통신 방식만 보려면 전송률을 낮추세요.',
  },
  peer_stuck: {
    cause: '프로세스 하나가 끝내라는 요청에 응답하지 않아 강제로 종료했습니다.',
    effect: '전달되던 메시지는 버려졌습니다.',
    remedy: '무엇이 그 프로세스를 멈추었는지(SIGSTOP, 디버거) 확인하세요.',
  },
};

/** Cause, effect and remedy of a warning; the helper's own English where there is no translation. */
export function warningText(warning: Warning, locale: Locale): WarningText {
  const translated = locale === 'ko' ? KOREAN_WARNINGS[warning.code] : undefined;
  return translated ?? { cause: warning.cause, effect: warning.effect, remedy: warning.remedy };
}
