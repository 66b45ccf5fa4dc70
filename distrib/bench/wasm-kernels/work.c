// What is measured in every engine. Built by ./build with clang for wasm32; the result, work.wasm, stands beside it.
typedef unsigned char u8;
typedef unsigned int u32;

#define EXPORT(name) __attribute__((export_name(name)))
#define DATA_BYTES 65536

static u8 data[DATA_BYTES];
static u8 flags[DATA_BYTES];

EXPORT("data") u8 *data_at(void) { return data; }

EXPORT("nop") u32 nop(void) { return 0; }

/* Adds the bytes of the input to a sum and writes them back changed: what a call with 1 KiB in and out does at least. */
EXPORT("touch") u32 touch(u32 length) {
  u32 sum = 0;
  for (u32 i = 0; i < length; i++) {
    sum += data[i];
    data[i] = (u8)(data[i] + 1);
  }
  return sum;
}

EXPORT("fib") u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

EXPORT("sieve") u32 sieve(u32 n) {
  u32 count = 0;
  for (u32 i = 2; i < n; i++) flags[i] = 1;
  for (u32 i = 2; i < n; i++) {
    if (!flags[i]) continue;
    count++;
    for (u32 j = i + i; j < n; j += i) flags[j] = 0;
  }
  return count;
}

/* FIPS 180-4. */
static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static u32 right(u32 x, u32 n) { return (x >> n) | (x << (32 - n)); }

static void block(u32 *h, const u8 *p) {
  u32 w[64];
  for (int i = 0; i < 16; i++)
    w[i] = (u32)p[4 * i] << 24 | (u32)p[4 * i + 1] << 16 | (u32)p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    u32 s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ (w[i - 15] >> 3);
    u32 s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  u32 a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], z = h[7];
  for (int i = 0; i < 64; i++) {
    u32 t1 = z + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i];
    u32 t2 = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    z = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
  }
  h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += z;
}

/* SHA-256 of the first length bytes of data, a multiple of 64; gives the first word of the digest. */
EXPORT("sha256") u32 sha256(u32 length) {
  u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  for (u32 at = 0; at < length; at += 64) block(h, data + at);
  u8 end[64] = {0x80};
  u32 bits = length * 8;
  for (int i = 0; i < 4; i++) end[60 + i] = (u8)(bits >> (24 - 8 * i));
  block(h, end);
  return h[0];
}

/* Without parameters, as hosts call guests. */
EXPORT("sha256_64k") u32 sha256_64k(void) { return sha256(DATA_BYTES); }
EXPORT("fib_25") u32 fib_25(void) { return fib(25); }
EXPORT("sieve_64k") u32 sieve_64k(void) { return sieve(DATA_BYTES); }
EXPORT("touch_1k") u32 touch_1k(void) { return touch(1024); }
EXPORT("conet_call") int conet_call(void) { return 0; }
