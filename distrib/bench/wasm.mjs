// Measures Wasm engines beside ours and writes docs/wasm-measured.md. Usage: wasm [--smoke].
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../..');
const WORK = path.join(HERE, 'target/wasm');
const MODULE = path.join(HERE, 'wasm-kernels/work.wasm');
const PAGE = path.join(ROOT, 'docs/wasm-measured.md');
const isSmoke = process.argv.includes('--smoke');
const [MILLIS, BATCHES, ROUNDS] = isSmoke ? [5, 1, 1] : [500, 7, 3];

// The order changes from round to round, so that no engine always has the warm or the quiet moment.
const SUBJECTS = {
  v8: 'V8 (node), not metered',
  ours: 'our host, metered, compiled by Chicory',
  chicory: 'Chicory alone, not metered',
  wasmtime: 'Wasmtime through JNI, not metered',
};
const KERNELS = ['sha256', 'fib', 'sieve'];

function measure(subject, cache) {
  if (subject === 'v8') {
    return run('node', [path.join(HERE, 'wasm-v8.mjs'), MODULE, MILLIS, BATCHES]);
  }
  const classPath = [path.join(HERE, 'target/classes'), readFileSync(path.join(HERE, 'target/class-path'), 'utf8').trim()]
    .join(path.delimiter);
  return run('java', ['-Xmx512m', '-XX:-DontCompileHugeMethods', '-cp', classPath, 'network.conet.edge.bench.wasm.MeasureWasm', subject, MODULE, cache,
    MILLIS, BATCHES]);
}

function run(command, words) {
  const out = execFileSync(command, words.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], cwd: ROOT });
  return JSON.parse(out.trim().split('\n').pop());
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted.length === 0 ? undefined : sorted[Math.floor(sorted.length / 2)];
}

function rounds() {
  const found = Object.fromEntries(Object.keys(SUBJECTS).map((name) => [name, []]));
  const names = Object.keys(SUBJECTS);
  for (let round = 0; round < ROUNDS; round++) {
    const cache = path.join(WORK, `cache-${round}`);
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      console.error(`${new Date().toISOString().slice(11, 19)} round ${round + 1} of ${ROUNDS}: ${SUBJECTS[name]}`);
      const first = measure(name, cache);
      if (name === 'ours') {
        first.cachedMillis = measure(name, cache).coldMillis;
      }
      found[name].push(first);
    }
  }
  return Object.fromEntries(names.map((name) => {
    const keys = new Set(found[name].flatMap((one) => Object.keys(one)));
    return [name, Object.fromEntries([...keys].map((key) => [key, median(found[name].map((one) => one[key]))]))];
  }));
}

const number = (value, digits = 1) => (value === undefined ? '-' : value.toFixed(digits));
const ratio = (of, name) => Math.exp(KERNELS.reduce((sum, key) => sum + Math.log(of[name][key] / of.v8[key]), 0) / KERNELS.length);

function page(of) {
  const rows = Object.keys(SUBJECTS).map((name) => {
    const m = of[name];
    return `| ${SUBJECTS[name]} | ${number(m.sha256)} | ${number(m.fib)} | ${number(m.sieve)} | ${number(ratio(of, name), 2)} | `
      + `${number(m.nop * 1000, 0)} | ${number(m.kibibyte, 2)} | ${number(m.instance)} | `
      + `${name === 'v8' || name === 'wasmtime' ? '-' : number(m.instanceBytes / 1024, 0)} | ${number(m.coldMillis)} | ${number(m.cachedMillis)} |`;
  });
  return `# Wasm, measured

Written by \`distrib/bench/wasm\`. One module (\`distrib/bench/wasm-kernels\`) in four engines, each in a process of its own, ${ROUNDS} rounds in
changing order; of each round the best of ${BATCHES} batches of ${MILLIS} ms, of the rounds the median. Times of calls are CPU time of the thread
that calls (V8: of the process). ${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the end,
Java ${run0('java', ['-version'])}, node ${process.version}.

| engine | sha256 of 64 KiB, us | fib(25), us | sieve to 64k, us | geometric mean, V8 = 1 | empty call, ns | 1 KiB in, read, changed, 1 KiB out, us | instance and first call, us | heap an instance, KiB | bytes to first answer, ms | the same from the cache, ms |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}
${guest(of.ours)}`;
}

function guest(ours) {
  return `
Through the whole guest interface of our host (instance of its own made, fuel set, deadline armed, input read, reply written, instance
dropped): an empty call ${number(ours.guestEmpty * 1000, 0)} ns, 1 KiB in and 1 KiB out ${number(ours.guestKibibyte, 2)} us.
`;
}

function run0(command, words) {
  try {
    return execFileSync('sh', ['-c', `${command} ${words.join(' ')} 2>&1`], { encoding: 'utf8' }).match(/"([^"]+)"/)[1];
  } catch {
    return 'unknown';
  }
}

const of = rounds();
if (!isSmoke) {
  writeFileSync(PAGE, page(of));
  writeFileSync(path.join(WORK, 'results.json'), JSON.stringify(of, null, 1));
} else if (!page(of).includes('| V8 (node)')) {
  throw new Error('the page has no rows');
}
console.log(`wasm: metered host ${number(ratio(of, 'ours'), 2)} times V8, Chicory alone ${number(ratio(of, 'chicory'), 2)}`);
