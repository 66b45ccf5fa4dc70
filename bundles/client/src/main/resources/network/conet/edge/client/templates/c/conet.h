/* What a service may import beside WASI, each with the capability that it needs in service.json.
   Reference: docs/protocol/guest-interface.md. Negative results: -1 there is none, -2 a quota is used up, -3 an argument
   is malformed, -4 surroundings fail now, -5 refused. */
#ifndef CONET_H
#define CONET_H

#include <stdint.h>

/* Begins what the node calls: CONET_CALL { ...; return 0; }. Any other result than zero is a failure,
   and then nothing of the reply is sent. */
#define CONET_CALL __attribute__((export_name("conet_call"))) int conet_call(void)
#define CONET_SELF_TEST __attribute__((export_name("conet_self_test"))) int conet_self_test(void)
#define CONET_MIGRATE __attribute__((export_name("conet_migrate"))) int conet_migrate(void)

#define CONET(name) __attribute__((import_module("conet"), import_name(#name)))

/* caller: writes the 20 bytes of the wallet that calls. */
CONET(caller) int32_t conet_caller(uint8_t *wallet);

/* kv: length of a value, of which at most room bytes are written; keys have 1 to 128 bytes, values at most 65,536. */
CONET(kv_get) int32_t conet_kv_get(const char *key, uint32_t key_length, void *value, uint32_t room);
CONET(kv_put) int32_t conet_kv_put(const char *key, uint32_t key_length, const void *value, uint32_t length);
CONET(kv_delete) int32_t conet_kv_delete(const char *key, uint32_t key_length);
CONET(kv_list) int32_t conet_kv_list(char *keys, uint32_t room);

/* kv, and only inside conet_migrate: the state as the version before left it. */
CONET(old_get) int32_t conet_old_get(const char *key, uint32_t key_length, void *value, uint32_t room);
CONET(old_list) int32_t conet_old_list(char *keys, uint32_t room);

/* stream: sends what was written so far. */
CONET(reply_flush) int32_t conet_reply_flush(void);

/* mail: sends a sealed text to a wallet, from the node's wallet. */
CONET(mail_send) int32_t conet_mail_send(const uint8_t *wallet, const char *text, uint32_t length);

/* http: "GET https://host/path\n", headers "Name: value\n", "\n", body; the answer is "200\n", headers, "\n", body. */
CONET(http_fetch) int32_t conet_http_fetch(const void *request, uint32_t length, void *answer, uint32_t room);

/* tunnel: joins the caller with a public address when conet_call returns zero. */
CONET(tunnel) int32_t conet_tunnel(const char *host, uint32_t host_length, uint32_t port, uint32_t idle_seconds,
                                   uint64_t bytes);

#endif
