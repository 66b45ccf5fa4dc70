/* The smallest service: it answers with what it is told. Input is standard input, the reply is standard output. */
#include "conet.h"

#include <stdio.h>

CONET_CALL {
  char buffer[4096];
  size_t length;
  while ((length = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
    if (fwrite(buffer, 1, length, stdout) != length) return 1;
  }
  return fflush(stdout) == 0 ? 0 : 1;
}
