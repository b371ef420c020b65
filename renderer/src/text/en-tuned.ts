/** What a variant does differently, by mechanism and variant, and where that is described. */
const gathering =
  'Messages that follow each other at once are made side by side and sent in one call of up to 64 KiB; the receiver takes what is there and cuts it';
const ring =
  'In a stream each side publishes its index once for up to 256 messages, so that the cache line of the index changes cores less often; before a side waits, everything is published (Lee, Bu, Chandranmenon: MCRingBuffer, ANCS 2009). Its consumer looks at messages where they lie instead of copying them out, so under verification of the sequence alone it never touches what is in them: that is most of the gain at greater sizes. In a conversation the slot itself says that it is filled, so message and signal cross between the cores in one cache line instead of two (Giacomoni, Moseley, Vachharajani: FastForward, PPoPP 2008). Before it sleeps on a futex a side waits awake, for as long as that has paid off lately. The memory lies on huge pages where the system gives them.';
const unanswered = 'A conversation has nothing to gather and gains nothing.';
const uring =
  'Up to 64 messages are handed to the kernel by one io_uring_enter, each as a request of its own, linked so that none overtakes another; the receiver takes what is there and cuts it. It saves the entry into the kernel, not the work in it, so gathering (tuned) gains more. Source: io_uring(7).';

export const tunings = {
  pipe: {
    tuned: `${gathering}. The pipe is as large as pipe-max-size allows (F_SETPIPE_SZ), and full buffers are handed over page by page instead of being copied (vmsplice): a page is used again only after the pipe was filled anew. Streams gain at every size. ${unanswered} Sources: fcntl(2), vmsplice(2).`,
    uring,
  },
  fifo: {
    tuned: `${gathering}. The pipe is as large as pipe-max-size allows (F_SETPIPE_SZ), and full buffers are handed over page by page instead of being copied (vmsplice): a page is used again only after the pipe was filled anew. Streams gain at every size. ${unanswered} Sources: fcntl(2), vmsplice(2).`,
    uring,
  },
  unix: {
    tuned: `Streams: ${gathering.charAt(0).toLowerCase()}${gathering.slice(1)}. Datagrams and seqpacket: up to 64 messages a call (sendmmsg, recvmmsg), each still a message of its own. The send buffer is as large as net.core.wmem_max allows. Streams gain many times over as long as a call costs more than the copying in it, up to some KiB a message, and nothing at 64 KiB. Datagrams and seqpacket gain a tenth to a third with the smallest messages and nothing from 1 KiB on: the kernel still handles each by itself. ${unanswered} Sources: sendmmsg(2), recvmmsg(2), socket(7).`,
    uring,
  },
  tcp: {
    tuned: `${gathering}, with the largest buffers that the system allows; nothing waits for an acknowledgement (TCP_NODELAY). Messages above 32 KiB go out one a call, through buffers that the system grows by itself. Streams gain at every size, most with small messages. Source: tcp(7).`,
    zerocopy:
      'As tuned, but the kernel pins the pages of a full buffer instead of copying them (MSG_ZEROCOPY), and tells on the error queue when they are free again. Between programs of one machine it copies them after all and says so: here it costs more than it saves. Source: the kernel’s msg_zerocopy documentation.',
    uring,
  },
  udp: {
    tuned:
      'Up to 64 messages travel through the network stack as one packet (UDP_SEGMENT) and are received as one (UDP_GRO); where the kernel has neither, up to 64 a call (sendmmsg, recvmmsg). The buffers are as large as the system allows. Only a single message of nearly 64 KiB gains nothing: it fills a packet alone. Sources: udp(7), sendmmsg(2).',
  },
  shm: { tuned: ring },
  mmap: { tuned: ring },
};
