/*
 * A server that rpcgen and libtirpc made, on a free port of 127.0.0.1, without a portmapper. Prints the port and serves
 * until its standard input ends.
 *   server tcp|udp
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ipc_scope.h"

void ipc_scope_1(struct svc_req *request, SVCXPRT *transport);

bool_t scope_null_1_svc(void *result, struct svc_req *request) {
  (void)result;
  (void)request;
  return TRUE;
}

static content copy_of(content data) {
  content copy = {data.content_len, malloc(data.content_len + 1)};
  memcpy(copy.content_val, data.content_val, data.content_len);
  return copy;
}

bool_t scope_echo_1_svc(content data, content *result, struct svc_req *request) {
  (void)request;
  *result = copy_of(data);
  return TRUE;
}

bool_t scope_sum_1_svc(numbers values, quad_t *result, struct svc_req *request) {
  uint64_t sum = 0;
  (void)request;
  for (unsigned i = 0; i < values.numbers_len; ++i) sum += (uint64_t)values.numbers_val[i];
  *result = (quad_t)sum;
  return TRUE;
}

bool_t scope_describe_1_svc(item what, description *result, struct svc_req *request) {
  char summary[SUMMARY_MAX + 1];
  (void)request;
  snprintf(summary, sizeof summary, "%s, says libtirpc to %s", what.name, what.owner);
  result->summary = strdup(summary);
  result->bytes = what.data.content_len;
  result->text = TRUE;
  result->data = copy_of(what.data);
  return TRUE;
}

int ipc_scope_1_freeresult(SVCXPRT *transport, xdrproc_t xdr_result, caddr_t result) {
  (void)transport;
  xdr_free(xdr_result, result);
  return 1;
}

int main(int argc, char **argv) {
  const int stream = argc == 2 && strcmp(argv[1], "tcp") == 0;
  const int fd = socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
  struct sockaddr_in address = {0};
  socklen_t length = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || (stream && listen(fd, 8) != 0) ||
      getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
    perror("server");
    return 1;
  }
  SVCXPRT *transport = stream ? svc_vc_create(fd, 0, 0) : svc_dg_create(fd, 0, 0);
  /* No netconfig entry: the portmapper is not told. */
  if (transport == NULL || !svc_reg(transport, IPC_SCOPE, IPC_SCOPE_V1, ipc_scope_1, NULL)) return 1;
  printf("%u\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    /* One entry more than libtirpc watches, for standard input. */
    const int watched = svc_max_pollfd;
    struct pollfd entries[watched + 1];
    memcpy(entries, svc_pollfd, sizeof(struct pollfd) * (size_t)watched);
    entries[watched] = (struct pollfd){STDIN_FILENO, POLLIN, 0};
    const int ready = poll(entries, (nfds_t)watched + 1, -1);
    if (ready < 0) continue;
    if (entries[watched].revents != 0) return 0;
    svc_getreq_poll(entries, ready);
  }
}
