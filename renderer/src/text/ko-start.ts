import type { start as English } from './en-start.ts';

export const start: typeof English = {
  title: '시작',
  loading: '이 시스템에서 무엇을 할 수 있는지 확인하는 중…',
  catalogue: '통신 방식',
  catalogueHint: '하나를 고르면 실시간 화면에서 설정할 수 있습니다. 화살표 키로 옮겨 다닐 수 있습니다.',
  families: {
    message_passing: {
      title: '메시지 전달',
      hint: '커널이 메시지를 하나하나 상대 프로세스에게 전달합니다. 안전한 대신 시스템 호출과 복사 비용이 듭니다.',
    },
    shared_memory: {
      title: '공유 메모리',
      hint: '두 프로세스가 같은 메모리를 봅니다. 커널을 거쳐 복사하지 않는 대신, 서로 부딪치지 않도록 직접 동기화해야 합니다.',
    },
    notification: {
      title: '알림',
      hint: '어떤 일이 일어났다는 사실만 다른 프로세스에 알립니다.',
    },
  },
  absent: '이 시스템에서는 쓸 수 없음',
  absentReason: (system) => `${system}용 측정 도우미가 제공하지 않는 방식입니다.`,
  preview: '세션',
  invitation: '실제 프로세스 두 개가 파이프로 주고받는 모습을 20초 동안 볼 수 있습니다.',
  showMe: '보기',
  showAgain: '다시 보기',
  recorded: '다른 세션과 똑같이 기록됩니다.',
  running:
    '실제 프로세스 두 개가 파이프로 통신하고 있습니다. 소비자가 조금 느려서 버퍼가 차오르고, 가득 차면 생산자가 기다려야 합니다.',
  fast: '이제 소비자가 따라잡았습니다. 버퍼는 다시 비고, 이번에는 소비자가 기다립니다.',
  ended: '방금 본 것은 실제 세션입니다. 아래에서 통신 방식을 골라 직접 측정해 보세요.',
  pace: '소비자',
  slow: '느리게',
  quick: '빠르게',
  openLive: '실시간 화면에서 열기',
  runs: '최근 기록',
  noRuns: '아직 기록이 없습니다. 세션을 실행하면 저절로 기록됩니다.',
  allRuns: '모든 기록',
};
