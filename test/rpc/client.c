/*
 * A client that rpcgen and libtirpc made: calls every procedure of the server at a port of 127.0.0.1, then some that
 * there are not, and prints what came of each, a line a call.
 *   client tcp|udp PORT
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ipc_scope.h"

static CLIENT *reach(const char *kind, const char *port, unsigned long program, unsigned long version) {
  struct sockaddr_in address = {0};
  struct timeval patience = {1, 0};
  int fd = RPC_ANYSOCK;
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)atoi(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CLIENT *client = strcmp(kind, "udp") == 0 ? clntudp_create(&address, program, version, patience, &fd)
                                            : clnttcp_create(&address, program, version, &fd, 0, 0);
  if (client == NULL) {
    clnt_pcreateerror("client");
    exit(1);
  }
  return client;
}

static void tell(const char *call, enum clnt_stat status) {
  if (status != RPC_SUCCESS) printf("%s: %s\n", call, clnt_sperrno(status));
}

static void call_echo(CLIENT *client, unsigned size) {
  content sent = {size, malloc(size + 1)};
  content got = {0, NULL};
  for (unsigned i = 0; i < size; ++i) sent.content_val[i] = (char)(i * 7);
  const enum clnt_stat status = scope_echo_1(sent, &got, client);
  tell("echo", status);
  if (status == RPC_SUCCESS) {
    const int same = got.content_len == size && memcmp(got.content_val, sent.content_val, size) == 0;
    printf("echo %u: %s\n", size, same ? "same" : "different");
  }
  free(sent.content_val);
  free(got.content_val);
}

static void call_sum(CLIENT *client) {
  quad_t values[] = {1, -10, 9000000000000000000};
  numbers sent = {3, values};
  quad_t got = 0;
  const enum clnt_stat status = scope_sum_1(sent, &got, client);
  tell("sum", status);
  if (status == RPC_SUCCESS) printf("sum: %lld\n", (long long)got);
}

static void call_describe(CLIENT *client) {
  item sent = {"greeting", "libtirpc", {5, "hello"}};
  description got;
  memset(&got, 0, sizeof got);
  const enum clnt_stat status = scope_describe_1(sent, &got, client);
  tell("describe", status);
  if (status == RPC_SUCCESS) {
    printf("describe: %s; %u; %s; %.*s\n", got.summary, got.bytes, got.text ? "text" : "binary",
           (int)got.data.content_len, got.data.content_val);
  }
}

/* A call with one int for its argument, which no procedure takes: ECHO reads it as a length. */
static void call_wrongly(const char *name, const char *kind, const char *port, unsigned long program,
                         unsigned long version, rpcproc_t procedure) {
  CLIENT *client = reach(kind, port, program, version);
  const struct timeval patience = {5, 0};
  int argument = 77;
  tell(name, clnt_call(client, procedure, (xdrproc_t)xdr_int, (char *)&argument, (xdrproc_t)xdr_void, NULL, patience));
  clnt_destroy(client);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  CLIENT *client = reach(argv[1], argv[2], IPC_SCOPE, IPC_SCOPE_V1);
  const enum clnt_stat status = scope_null_1(NULL, client);
  printf("null: %s\n", clnt_sperrno(status));
  call_echo(client, 0);
  call_echo(client, 5);
  call_echo(client, 8000);
  /* More than a fragment of libtirpc's holds; a datagram has no room for it. */
  if (strcmp(argv[1], "tcp") == 0) call_echo(client, 1000003);
  call_sum(client);
  call_describe(client);
  clnt_destroy(client);
  call_wrongly("program", argv[1], argv[2], IPC_SCOPE + 1, IPC_SCOPE_V1, SCOPE_ECHO);
  call_wrongly("version", argv[1], argv[2], IPC_SCOPE, 9, SCOPE_ECHO);
  call_wrongly("procedure", argv[1], argv[2], IPC_SCOPE, IPC_SCOPE_V1, 99);
  call_wrongly("arguments", argv[1], argv[2], IPC_SCOPE, IPC_SCOPE_V1, SCOPE_ECHO);
  return 0;
}
