/* A guest in plain C with the whole C library behind it. The first word of its input says what it does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conet.h"

static int text_order(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int deep(volatile int n) {
  volatile char room[256];
  room[n & 255] = (char)n;
  return n == -1 ? 0 : deep(n + 1) + room[0];
}

static int sorted(char *rest) {
  char **words = malloc(64 * sizeof *words);
  int count = 0;
  for (char *word = strtok(rest, " \n"); word && count < 64; word = strtok(NULL, " \n")) words[count++] = word;
  qsort(words, count, sizeof *words, text_order);
  for (int i = 0; i < count; i++) printf("%s%c", words[i], i + 1 < count ? ' ' : '\n');
  free(words);
  return 0;
}

static int sum(char *rest) {
  double total = 0;
  for (char *word = strtok(rest, " \n"); word; word = strtok(NULL, " \n")) total += strtod(word, NULL);
  printf("%.3f\n", total);
  return 0;
}

static int counted(void) {
  char number[16] = "0";
  int length = conet_kv_get("count", 5, number, sizeof number - 1);
  if (length >= 0) number[length] = 0;
  int size = snprintf(number, sizeof number, "%d", atoi(number) + 1);
  if (conet_kv_put("count", 5, number, size) != 0) return 1;
  puts(number);
  return 0;
}

static int fetched(char *rest) {
  static char answer[4096];
  int length = conet_http_fetch(rest, strlen(rest), answer, sizeof answer);
  if (length < 0) return printf("%d\n", length) < 0;
  fwrite(answer, 1, length, stdout);
  return 0;
}

static int from_outside(void) {
  printf("file %d, ", fopen("/etc/passwd", "r") == NULL);
  printf("sleep %d, ", usleep(10));
  long place = (long)lseek(0, 0, SEEK_SET);
  printf("seek %ld %d, ", place, errno == ESPIPE);
  printf("home %d, terminal %d\n", getenv("HOME") != NULL, isatty(1));
  return 0;
}

static int answer(char *input) {
  char *rest = strchr(input, ' ');
  if (rest) *rest++ = 0; else rest = "";
  if (!strcmp(input, "sort")) return sorted(rest);
  if (!strcmp(input, "sum")) return sum(rest);
  if (!strcmp(input, "count")) return counted();
  if (!strcmp(input, "fetch")) return fetched(rest);
  if (!strcmp(input, "outside")) return from_outside();
  if (!strcmp(input, "log")) return fprintf(stderr, "%s\n", rest) < 0;
  if (!strcmp(input, "keep")) return printf("not flushed");
  if (!strcmp(input, "abort")) abort();
  if (!strcmp(input, "exit")) exit(atoi(rest));
  if (!strcmp(input, "deep")) return deep(0);
  if (!strcmp(input, "greedy")) {
    for (volatile char *room; (room = malloc(1 << 16));) room[0] = 1;
    return puts("full") < 0;
  }
  return 7;
}

static int constructed;

__attribute__((constructor)) static void construct(void) { constructed = 1; }

CONET_CALL {
  char input[4096];
  size_t length = fread(input, 1, sizeof input - 1, stdin);
  input[length] = 0;
  int code = constructed ? answer(input) : 9;
  if (!strncmp(input, "keep", 4)) return 0;
  return fflush(stdout) == 0 ? code : 1;
}
