// The policy of a proxy: which ports callers may reach, how long a connection may be silent, how much it may carry.
// The host asks {"command":"…","caller":"0x…","host":"…","port":443}, refuses private addresses by itself, and moves the
// bytes. Zero and a tunnel: allowed. One: refused.
@external("wasi_snapshot_preview1", "fd_read")
declare function fdRead(fd: i32, vectors: usize, count: i32, read: usize): i32;
@external("conet", "tunnel")
declare function tunnel(host: usize, hostLength: i32, port: i32, idleSeconds: i32, bytes: i64): i32;

const IDLE_SECONDS = 120;
const BYTES_MAX: i64 = 4 << 30;
const INPUT_BYTES_MAX = 1024;

const vector = memory.data(8);
const count = memory.data(4);
const input = memory.data(1024);
const hostName = memory.data<u8>([34, 104, 111, 115, 116, 34, 58, 34]); // "host":"
const portName = memory.data<u8>([34, 112, 111, 114, 116, 34, 58]); // "port":

/** Web, and what people run on high ports; not mail, not remote shells, not the ports of well-known abuse. */
function mayReach(port: i32): bool {
  if (port == 80 || port == 443) return true;
  if (port < 1024 || port > 65535) return false;
  const isIrc = port >= 6660 && port <= 6669 || port == 6697;
  const isDatabase = port == 1433 || port == 3306 || port == 3389 || port == 5432 || port == 6379 || port == 27017;
  return !isIrc && !isDatabase;
}

/** Where the value of a member begins; 0 when there is none. The last one counts: a name cannot hide in a host. */
function find(length: i32, name: usize, nameLength: i32): i32 {
  for (let at = length - nameLength; at > 0; at--) {
    if (memory.compare(input + at, name, nameLength) == 0) return at + nameLength;
  }
  return 0;
}

function portAt(start: i32, length: i32): i32 {
  let port = 0;
  for (let at = start; at < length; at++) {
    const digit = <i32>load<u8>(input + at) - 48;
    if (digit < 0 || digit > 9) break;
    port = port * 10 + digit;
    if (port > 65535) return 0;
  }
  return port;
}

export function conet_call(): i32 {
  store<usize>(vector, input);
  store<i32>(vector, INPUT_BYTES_MAX, 4);
  if (fdRead(0, vector, 1, count) != 0) return 1;
  const length = load<i32>(count);
  const host = find(length, hostName, 8);
  const port = find(length, portName, 7);
  if (host == 0 || port == 0 || host > port) return 1;
  let hostLength = 0;
  while (host + hostLength < length && load<u8>(input + host + hostLength) != 34) hostLength++;
  const number = portAt(port, length);
  if (!mayReach(number)) return 1;
  return tunnel(input + host, hostLength, number, IDLE_SECONDS, BYTES_MAX) == 0 ? 0 : 1;
}
