import type { Text } from './language.svelte.ts';

const gathering =
  '잇달아 나오는 메시지를 한 버퍼에 이어 만들어 호출 한 번에 64 KiB까지 보내고, 받는 쪽은 도착한 만큼 한꺼번에 받아 나눕니다.';
const unanswered = '핑퐁에서는 모아 보낼 것이 없어 빨라지지 않습니다.';
const pipe = `${gathering} 파이프는 pipe-max-size가 허용하는 만큼 키우고(F_SETPIPE_SZ), 가득 찬 버퍼는 복사하지 않고 페이지째 넘깁니다(vmsplice). 페이지는 파이프가 한 번 새로 채워진 뒤에만 다시 씁니다. 스트림은 메시지 크기와 관계없이 빨라집니다. ${unanswered} 출처: fcntl(2), vmsplice(2).`;
const ring =
  '스트림에서는 양쪽이 메시지를 최대 256개 처리할 때마다 인덱스를 한 번만 공개하므로 인덱스의 캐시 라인이 코어 사이를 덜 오갑니다. 기다리기 전에는 모두 공개합니다(Lee, Bu, Chandranmenon: MCRingBuffer, ANCS 2009). 소비자는 메시지를 복사해 오지 않고 놓인 자리에서 바로 봅니다. 따라서 순서만 검증할 때는 메시지의 내용을 건드리지 않으며, 큰 메시지에서 빨라지는 것은 대부분 이 덕분입니다. 핑퐁에서는 슬롯이 찼는지를 슬롯 자신이 알려 주므로, 메시지와 신호가 캐시 라인 두 개가 아니라 하나로 코어를 건너갑니다(Giacomoni, Moseley, Vachharajani: FastForward, PPoPP 2008). 퓨텍스에서 잠들기 전에는, 최근에 효과가 있었던 만큼 먼저 깨어 있는 채로 기다립니다. 시스템이 허용하면 메모리를 대형 페이지에 둡니다.';
const uring =
  '메시지를 최대 64개까지 io_uring_enter 한 번으로 커널에 맡깁니다. 메시지마다 요청이 하나씩이고, 서로 앞지르지 않도록 이어 둡니다. 받는 쪽은 도착한 만큼 한꺼번에 받아 나눕니다. 커널에 들어가는 비용만 줄고 커널 안의 일은 그대로이므로, 모아 보내는 최적화 구현이 더 빠릅니다. 출처: io_uring(7).';

export const tunings: Text['tunings'] = {
  pipe: { tuned: pipe, uring },
  fifo: { tuned: pipe, uring },
  unix: {
    tuned: `스트림: ${gathering} 데이터그램과 seqpacket: 호출 한 번에 메시지를 64개까지 주고받지만(sendmmsg, recvmmsg) 메시지의 경계는 그대로입니다. 송신 버퍼는 net.core.wmem_max가 허용하는 만큼 키웁니다. 스트림은 복사보다 호출의 비용이 큰 동안, 곧 메시지가 수 KiB 이하일 때 몇 배 이상 빨라지고 64 KiB에서는 차이가 없습니다. 데이터그램과 seqpacket은 가장 작은 메시지에서 10~30% 정도 빨라지고, 1 KiB부터는 차이가 없습니다. 커널이 메시지를 여전히 하나씩 처리하기 때문입니다. ${unanswered} 출처: sendmmsg(2), recvmmsg(2), socket(7).`,
    uring,
  },
  tcp: {
    tuned: `${gathering} 이때 버퍼는 시스템이 허용하는 만큼 키우고, 확인 응답을 기다리지 않고 보냅니다(TCP_NODELAY). 32 KiB보다 큰 메시지는 하나씩 보내고 버퍼 크기는 시스템에 맡깁니다. 스트림은 메시지 크기와 관계없이 빨라지고, 작을수록 더 빨라집니다. 출처: tcp(7).`,
    zerocopy:
      '최적화 구현과 같지만, 가득 찬 버퍼를 커널이 복사하지 않고 페이지를 고정해 두었다가(MSG_ZEROCOPY) 다 쓰면 오류 큐로 알립니다. 한 컴퓨터 안에서는 커널이 결국 복사하고 그 사실도 알려 주므로, 여기서는 오히려 더 느립니다. 출처: 커널의 msg_zerocopy 문서.',
    uring,
  },
  udp: {
    tuned:
      '메시지를 최대 64개까지 패킷 하나로 묶어 네트워크 스택을 지나게 하고(UDP_SEGMENT) 묶인 채로 받습니다(UDP_GRO). 커널에 이 기능이 없으면 호출 한 번에 64개까지 주고받습니다(sendmmsg, recvmmsg). 버퍼는 시스템이 허용하는 만큼 키웁니다. 64 KiB에 가까운 메시지는 혼자 패킷을 채우므로 빨라지지 않습니다. 출처: udp(7), sendmmsg(2).',
  },
  shm: { tuned: ring },
  mmap: { tuned: ring },
};
