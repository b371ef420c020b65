import type { Text } from './language.svelte.ts';

export const options: Text['options'] = {
  size_bytes: { label: '메시지 크기', hint: '메시지 하나의 크기이며, 24바이트 헤더를 포함합니다.' },
  producers: {
    label: '생산자 수',
    hint: '보내는 프로세스의 수입니다. 여럿이면 전송률 제한을 나누어 맡습니다.',
  },
  consumers: { label: '소비자 수', hint: '받는 프로세스의 수입니다.' },
  messages: { label: '메시지 수', hint: '이 개수만큼 보내면 세션이 끝납니다.' },
  duration_ms: { label: '실행 시간', hint: '이 시간이 지나면 세션이 끝납니다.' },
  warmup_ms: { label: '예열', hint: '캐시와 CPU 속도가 안정되도록 측정 전에 미리 실행하는 시간입니다.' },
  rate_per_s: {
    label: '전송률 제한',
    hint: '생산자가 1초에 보내려는 메시지 수입니다. 지연은 각 메시지를 보냈어야 할 시각부터 잽니다.',
  },
  blocking: {
    label: '블로킹 호출',
    hint: '버퍼가 가득 차거나 비었을 때, 켜면 프로세스가 잠들어 기다리고 끄면 호출이 대기 없이 거절됩니다(would block).',
  },
  capacity_bytes: {
    label: '버퍼 용량',
    hint: '생산자가 기다리지 않고 두 프로세스 사이에 쌓아 둘 수 있는 데이터의 양입니다.',
  },
  kind: { label: '종류', hint: '같은 통신 방식 가운데 어떤 객체로 메시지를 전달할지 고릅니다.' },
  address: {
    label: '주소',
    hint: '양 끝이 서로를 찾는 방법입니다. 커널만 아는 이름을 쓰거나 파일을 씁니다.',
  },
  capacity_messages: {
    label: '큐 용량',
    hint: '생산자가 기다리지 않고 두 프로세스 사이에 쌓아 둘 수 있는 메시지 수입니다.',
  },
  priority: {
    label: '우선순위',
    hint: '모든 메시지에 붙는 우선순위입니다. POSIX 큐는 우선순위가 높은 메시지를 먼저, 같으면 보낸 순서대로 내줍니다.',
  },
  sync: {
    label: '동기화',
    hint: '프로세스들이 너무 일찍 읽거나 쓰지 않도록 순서를 맞추는 방법입니다. 생산자나 소비자가 여럿이면 뮤텍스, 세마포어, 퓨텍스, 스핀 대기 가운데 고릅니다.',
  },
  buffering: {
    label: '버퍼링',
    hint: '유한 버퍼는 가득 찰 때까지 메시지를 쌓아 둡니다. 랑데부는 아무것도 쌓지 않으며, 보내는 쪽은 받는 쪽이 메시지를 가져갈 때까지 기다립니다(뮤텍스나 세마포어에서).',
  },
  procedure: {
    label: '프로시저',
    hint: '호출할 프로시저입니다. 받은 인자를 그대로 돌려주거나, 수를 더하거나, 받은 것을 설명합니다.',
  },
  verify: { label: '검증', hint: '소비자가 메시지마다 검사하는 내용입니다.' },
  placement: {
    label: 'CPU 배치',
    hint: '두 프로세스를 실행할 CPU입니다. 운영체제에 맡기거나, 같은 CPU 또는 서로 다른 CPU에 배치합니다.',
  },
  consumer_delay_us: {
    label: '소비자 지연',
    hint: '소비자가 메시지마다 일부러 들이는 처리 시간입니다. 소비자를 생산자보다 느리게 만들 때 씁니다.',
  },
  tick_ms: { label: '표본 간격', hint: '카운터를 읽는 간격입니다.' },
  stats: {
    label: '카운터',
    hint: '끄면 실행 중에 아무것도 세지 않으므로, 측정 자체의 비용을 알아볼 수 있습니다.',
  },
  values: {
    none: '없음',
    sequence: '순서 번호',
    full: '전체',
    free: '운영체제에 맡김',
    same: '같은 CPU',
    apart: '서로 다른 CPU',
    semaphore: '세마포어',
    futex: '퓨텍스(futex)',
    spin: '스핀 대기',
    stream: '바이트 스트림',
    datagram: '데이터그램',
    seqpacket: '연결형 메시지(seqpacket)',
    abstract: '추상 이름',
    path: '파일',
    posix: 'POSIX',
    sysv: 'System V',
    mutex: '뮤텍스와 조건 변수',
    eventfd: 'eventfd(초인종 방식)',
    adaptive: '적응형(스핀 후 수면)',
    tcp: 'TCP',
    udp: 'UDP',
    unix: '유닉스 소켓',
    echo: '그대로 돌려주기',
    sum: '합계',
    describe: '설명',
    bounded: '유한 버퍼',
    rendezvous: '랑데부(무버퍼)',
  },
};
