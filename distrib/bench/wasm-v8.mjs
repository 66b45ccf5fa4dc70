// The kernels in V8. Usage: node wasm-v8.mjs WORK.wasm MILLIS BATCHES; prints JSON, microseconds of CPU a call.
import { readFileSync } from 'node:fs';

const [file, millis, batches] = process.argv.slice(2);
const bytes = readFileSync(file);
const { instance } = await WebAssembly.instantiate(bytes);
const work = instance.exports;

function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

let sink = 0;
function measure(run) {
  const figures = [];
  let times = 1;
  for (let batch = -2; batch < Number(batches); batch++) {
    const began = performance.now();
    const cpu = cpuMicros();
    let done = 0;
    do {
      for (let i = 0; i < times; i++) sink += run();
      done += times;
      if (performance.now() - began < Number(millis) / 20) times *= 2;
    } while (performance.now() - began < Number(millis));
    if (batch >= 0) figures.push((cpuMicros() - cpu) / done);
  }
  return figures.sort((a, b) => a - b)[0];
}

const memory = new Uint8Array(work.memory.buffer);
const at = work.data();
const input = new Uint8Array(1024).fill(7);
const result = {
  nop: measure(() => work.nop()),
  sha256: measure(() => work.sha256_64k()),
  fib: measure(() => work.fib_25()),
  sieve: measure(() => work.sieve_64k()),
  kibibyte: measure(() => {
    memory.set(input, at);
    work.touch_1k();
    return memory.slice(at, at + 1024)[5];
  }),
};
const began = process.hrtime.bigint();
await WebAssembly.instantiate(bytes);
result.coldMillis = Number(process.hrtime.bigint() - began) / 1e6;
result.sink = sink !== 0;
console.log(JSON.stringify(result));
