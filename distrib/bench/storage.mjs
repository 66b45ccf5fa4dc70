// Measures the mailbox store beside others. Usage: storage [--smoke] [--only groups,...] [--disk DIR].
// What a part found is kept in target/storage until it is measured again; the page is made of all four.
import { cpus, loadavg } from 'node:os';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, closeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Disk, whyNoDisks } from './disks.mjs';
import { plot } from './storage-plot.mjs';
import { NAMES, page } from './storage-report.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../..');
const WORK = path.join(HERE, 'target/storage');
const NATIVE = path.join(WORK, 'native');
const DOCS = path.join(ROOT, 'docs');
const JVM_OPTIONS = path.join(ROOT, 'distrib/runtime/src/dist/conf/jvm.options');
const CLASS_PATH = path.join(HERE, 'target/class-path');
const STORES = Object.keys(NAMES);
const PARTS = ['groups', 'senders', 'arrivals', 'filled'];
const KIB = 1024;
const DEFAULTS = 'defaults';
const SPARING = 'noatime,lazytime,commit=60';
const MINUTES_AT_MOST = 3; // a store that takes longer for one case is left out, and the page says so
// Messages of the warm-up, and by size those counted. It fills five of our segment files, so that they are used again.
const FULL = {
  sizes: { 1: [5000, 2200], 4: [2600, 1100], 16: [1000, 550], 64: [320, 220] },
  warmUp: 16_000, crowds: [[1, 0], [32, 0], [32, 100]], sendMillis: 5000, rates: [1, 20, 200], arriveSeconds: 60,
  fills: [[0, KIB], [100_000, KIB], [1_000_000, 256]], operations: 1000,
};
const SMOKE = {
  sizes: { 1: [50, 22], 64: [10, 11] },
  warmUp: 50, crowds: [[32, 100]], sendMillis: 100, rates: [200], arriveSeconds: 1, fills: [[500, KIB]], operations: 6,
};

function options(words) {
  const wanted = { counts: FULL, isSmoke: false, timedAtOnce: 1, parts: PARTS, disk: WORK };
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--smoke') {
      wanted.counts = SMOKE;
      wanted.isSmoke = true;
      wanted.timedAtOnce = 4;
    } else if (words[i] === '--only' && words[i + 1]?.split(',').every((part) => PARTS.includes(part))) {
      wanted.parts = words[++i].split(',');
    } else if (words[i] === '--disk' && words[i + 1]) {
      wanted.disk = path.resolve(words[++i]);
    } else {
      console.error(`bench: ${words[i]}: use --smoke, --only ${PARTS.join(',')}, --disk DIR`);
      process.exit(2);
    }
  }
  return wanted;
}

function say(line) {
  console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

const running = new Set();

/**
 * One case in a JVM of its own, with the options of a node: its JSON, or what went wrong. It is killed when it takes
 * too long, or, where that is asked for, as soon as it has answered.
 */
function measure(disk, caseName, store, numbers, { killed = false, options: more = [] } = {}) {
  const log = path.join(WORK, 'log');
  const file = openSync(log, 'a', 0o600);
  const classes = `${path.join(HERE, 'target/classes')}:${readFileSync(CLASS_PATH, 'utf8').trim()}`;
  const child = spawn('java', [`@${JVM_OPTIONS}`, ...more, `-Djava.io.tmpdir=${NATIVE}`, '-cp', classes,
    'network.conet.edge.bench.storage.Measure', caseName, store, disk.place, disk.statistics, ...numbers.map(String)],
  { stdio: ['pipe', 'pipe', file] });
  closeSync(file);
  running.add(child);
  let text = '';
  let isLate = false;
  const timer = setTimeout(() => { isLate = true; child.kill('SIGKILL'); }, MINUTES_AT_MOST * 60_000);
  child.stdout.on('data', (piece) => {
    text += piece;
    if (killed && text.endsWith('}\n')) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      if (isLate) resolve({ failure: `${caseName} took more than ${MINUTES_AT_MOST} minutes` });
      else if (text.endsWith('}\n')) resolve(JSON.parse(text));
      else resolve({ failure: `${caseName} ended with ${code}, see target/storage/log` });
    });
  });
}

/** Several cases, so many at a time, each on a fresh disk. */
async function onDisks(wanted, cases, atOnce, work) {
  const rows = [];
  const left = cases.map((one, i) => ({ ...one, i }));
  const worker = async () => {
    for (let one = left.shift(); one; one = left.shift()) {
      const mountOptions = wanted.whyNoDisks === null ? one.mount ?? DEFAULTS : null;
      const disk = new Disk(wanted.disk, `disk-${one.i}`, mountOptions);
      try {
        rows[one.i] = { ...one, ...await work(disk, one), mount: mountOptions };
      } finally {
        disk.remove();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return rows;
}

/** Bytes and flushes by size of message and group. Counts only: the stores can run side by side. */
function groups(wanted) {
  const cases = Object.entries(wanted.counts.sizes)
    .flatMap(([kib, counts]) => STORES.map((store) => ({ store, bytes: kib * KIB, counts })));
  return onDisks(wanted, cases, 3, (disk, { store, bytes, counts }) =>
    measure(disk, 'groups', store, [bytes, ...counts]));
}

/** As fast as they can, one store after the other. */
function senders(wanted) {
  const { warmUp, crowds, sendMillis } = wanted.counts;
  const cases = STORES.flatMap((store) =>
    crowds.map(([count, windowMillis]) => ({ store, senders: count, windowMillis })));
  return onDisks(wanted, cases, wanted.timedAtOnce, (disk, { store, senders: count, windowMillis }) =>
    measure(disk, 'senders', store, [KIB, warmUp, count, windowMillis, sendMillis]));
}

/** In real time, because a file system writes its journal by the clock. All stores at once, each on its own disk. */
async function arrivals(wanted) {
  const { warmUp, rates, arriveSeconds } = wanted.counts;
  const rows = [];
  for (const mount of wanted.whyNoDisks === null ? [DEFAULTS, SPARING] : [DEFAULTS]) {
    const cases = STORES.flatMap((store) => rates.map((aSecond) => ({ store, aSecond, mount })));
    rows.push(...await onDisks(wanted, cases, cases.length, (disk, { store, aSecond }) =>
      measure(disk, 'arrivals', store, [KIB, warmUp, aSecond, arriveSeconds])));
  }
  return rows;
}

/** Fill and stop; open, measure and be killed; open again. */
function filled(wanted) {
  const cases = wanted.counts.fills.flatMap(([messages, bytes]) =>
    STORES.map((store) => ({ store, messages, bytes })));
  return onDisks(wanted, cases, wanted.timedAtOnce, async (disk, { store, messages, bytes }) => {
    const row = {};
    const numbers = [bytes, messages, wanted.counts.operations];
    // What docs/operating tells to give to so many messages; the same for every store.
    const options = messages > 200_000 ? ['-XX:MaxDirectMemorySize=96m'] : [];
    for (const [name, isKilled] of [['fill', false], ['filled', true], ['reopen', false]]) {
      row[name] = await measure(disk, name, store, numbers, { killed: isKilled, options });
      if (row[name].failure) return { failure: row[name].failure };
      disk.forget();
    }
    return row;
  });
}

function machine() {
  const memory = /^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1];
  const git = (...words) => spawnSync('git', ['-C', ROOT, ...words], { encoding: 'utf8' }).stdout.trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    revision: git('rev-parse', '--short', 'HEAD'),
    cpu: `${cpus().length} x ${cpus()[0].model}`,
    memoryGiB: Math.round(Number(memory) / KIB / KIB),
    kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
    java: spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr.split('\n')[1],
    options: readFileSync(JVM_OPTIONS, 'utf8').split('\n').filter((line) => line.startsWith('-X')),
  };
}

function versions() {
  const text = readFileSync(CLASS_PATH, 'utf8');
  const of = (artifact) => new RegExp(`/${artifact}-([0-9.]*[0-9])`).exec(text)[1];
  return { sqlite: of('sqlite-jdbc'), mvstore: of('h2'), rocksdb: of('rocksdbjni') };
}

async function main() {
  const wanted = options(process.argv.slice(2));
  rmSync(NATIVE, { recursive: true, force: true }); // killed JVMs leave their libraries
  mkdirSync(NATIVE, { recursive: true, mode: 0o700 });
  mkdirSync(wanted.disk, { recursive: true });
  rmSync(path.join(WORK, 'log'), { force: true });
  wanted.whyNoDisks = whyNoDisks(wanted.disk);
  if (wanted.whyNoDisks !== null) {
    say(`no block device of our own (${wanted.whyNoDisks}): counted at the system call`);
  }
  const measures = { groups, senders, arrivals, filled };
  const found = {};
  for (const part of PARTS) {
    const file = path.join(WORK, `${part}.json`);
    if (wanted.parts.includes(part)) {
      say(`storage: ${part}`);
      const begin = loadavg()[0];
      const rows = await measures[part](wanted);
      found[part] = { ...machine(), versions: versions(), whyNoDisks: wanted.whyNoDisks, rows,
        loads: [begin, loadavg()[0]] };
      if (!wanted.isSmoke) writeFileSync(file, `${JSON.stringify(found[part], null, 1)}\n`);
    } else if (!wanted.isSmoke && existsSync(file)) {
      found[part] = JSON.parse(readFileSync(file, 'utf8'));
    }
  }
  const text = page(found, wanted.isSmoke);
  console.log(text);
  const failed = Object.values(found).flatMap(({ rows }) => rows).filter((row) => row.failure);
  if (wanted.isSmoke && failed.length) throw new Error(`${failed[0].store}: ${failed[0].failure}`);
  if (wanted.isSmoke || PARTS.some((part) => !found[part])) return;
  writeFileSync(path.join(DOCS, 'storage-measured.md'), text);
  writeFileSync(path.join(DOCS, 'storage-measured.svg'), plot(found, NAMES));
}

const end = (code) => {
  for (const child of running) child.kill('SIGKILL');
  process.exit(code);
};
process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));
try {
  await main();
} catch (failure) {
  console.error(`bench: ${failure.stderr || failure.message}`);
  process.exitCode = 1;
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(NATIVE, { recursive: true, force: true });
}
