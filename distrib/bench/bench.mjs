// Measures a node beside its peers and writes a table. Usage: run [--smoke] [--only relay,...].
import { cpus, loadavg } from 'node:os';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Template, listen, load, post } from './load.mjs';
import { measureRelay, startPeers } from './relay.mjs';
import { report } from './report.mjs';
import {
  PRODUCT, WORK, beginAfresh, cpuMillis, freePorts, java, linesLogged, optionsOfBothCompilers, requireAlive,
  residentKiB, startNode, status, stop, stopAll, threadMillis,
} from './processes.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PARTS = ['footprint', 'relay', 'latency', 'steps'];
const KIB = 1024;
const FULL = {
  rounds: 5, starts: 5, idleSeconds: 10, warmUp: 6000, messages: { 1: 4000, 64: 600 }, peerFactor: 5,
  stored: { 1: 5000, 64: 200 }, storedAtOnce: { 1: 128, 64: 16 }, latencyRounds: 3, latencyMessages: 1000,
  batches: 7, batchMillis: 200,
};
const SMOKE = {
  rounds: 1, starts: 1, idleSeconds: 1, warmUp: 50, messages: { 1: 50, 64: 10 }, peerFactor: 1,
  stored: { 1: 100, 64: 10 }, storedAtOnce: { 1: 16, 64: 4 }, latencyRounds: 1, latencyMessages: 50,
  batches: 1, batchMillis: 20,
};
const CONCURRENCY = 16;
const MESSAGES_A_SECOND = 100;

function options(words) {
  const wanted = { counts: FULL, isSmoke: false, parts: PARTS };
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--smoke') {
      wanted.counts = SMOKE;
      wanted.isSmoke = true;
    } else if (words[i] === '--only' && words[i + 1]?.split(',').every((part) => PARTS.includes(part))) {
      wanted.parts = words[++i].split(',');
    } else {
      console.error(`bench: ${words[i]}: use --smoke, --only ${PARTS.join(',')}`);
      process.exit(2);
    }
  }
  return wanted;
}

function say(line) {
  console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

async function makeNetwork(counts) {
  const [a, b, c, sink] = await freePorts(4);
  const made = await java('MakeNetwork', [], WORK, a, b, c, sink, counts.latencyRounds, KIB, 64 * KIB);
  return { a, b, c, sink, ...made };
}

/** Launch to the first 200, of nodes that have their keys and an empty memory file system. */
async function measureStarts(network, counts) {
  const millis = [];
  for (let i = 0; i < counts.starts; i++) {
    const began = performance.now();
    const node = startNode('b', network.b, network.operator);
    await untilServing(node, network.b);
    millis.push(performance.now() - began);
    await stop(node);
  }
  return millis;
}

async function untilServing(node, port) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    requireAlive(node);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/nodeWallet`);
      if (answer.status === 200) return;
    } catch {
      await sleep(10); // not yet listening
    }
    if (Date.now() > deadline) throw new Error(`${node.name} does not serve within 120 s`);
  }
}

/** Entry A to mailbox B, both real: CPU of each, and what B wrote. */
async function measureMail(network, nodes, counts) {
  const results = {};
  for (const kib of [1, 64]) {
    const template = new Template(network.stored[kib * KIB]);
    const count = counts.stored[kib];
    const before = [cpuMillis(nodes.a.pid), cpuMillis(nodes.b.pid)];
    const { seconds, busy } = await load(network.a, template, count, counts.storedAtOnce[kib], true);
    results[kib] = {
      messages: count,
      atOnce: counts.storedAtOnce[kib],
      busy,
      perSecond: count / seconds,
      entryMillis: (cpuMillis(nodes.a.pid) - before[0]) / count,
      mailboxMillis: (cpuMillis(nodes.b.pid) - before[1]) / count,
    };
    const few = Math.min(count, 20 * CONCURRENCY);
    results[kib].perSecondOf16 = few / (await load(network.a, template, few, CONCURRENCY, true)).seconds;
  }
  return results;
}

/** Time from the first byte sent to A until the frame is at the listener, who listens through A at B. */
async function measureLatency(network, counts) {
  const rounds = [];
  for (const { listen: armor, message } of network.listeners) {
    const template = new Template(message);
    const sent = new Map();
    const delivered = [];
    const answered = [];
    const socket = await listen(network.a, armor, (frame, now) => {
      const serial = template.serialOf(frame);
      if (sent.has(serial)) delivered.push(now - sent.get(serial));
    });
    const began = performance.now();
    const answers = [];
    for (let i = 0; i < counts.latencyMessages; i++) {
      const wait = began + i * 1000 / MESSAGES_A_SECOND - performance.now();
      if (wait > 1) await sleep(wait);
      const { bytes, serial } = template.request(false);
      const now = performance.now();
      sent.set(serial, now);
      answers.push(post(network.a, bytes).then((code) => {
        if (code !== 200) throw new Error(`a message was answered with ${code}`);
        answered.push(performance.now() - now);
      }));
    }
    await Promise.all(answers);
    for (let i = 0; i < 100 && delivered.length < counts.latencyMessages; i++) await sleep(50);
    if (delivered.length < counts.latencyMessages) {
      throw new Error(`${counts.latencyMessages - delivered.length} messages did not come to the listener`);
    }
    socket.removeAllListeners('close');
    socket.destroy();
    rounds.push({ delivered, answered });
  }
  return rounds;
}

function machine() {
  const memory = /^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1];
  const version = spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr.split('\n')[1];
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus().length} x ${cpus()[0].model}`,
    memoryGiB: Math.round(Number(memory) / KIB / KIB),
    kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
    java: version,
    node: process.version,
    options: readFileSync(path.join(PRODUCT, 'conf/jvm.options'), 'utf8').split('\n')
      .filter((line) => line.startsWith('-')),
  };
}

async function measure({ counts, parts }) {
  const results = { machine: machine(), loads: [loadavg()[0]] };
  const isWanted = (part) => parts.includes(part);
  say('making keys and the network');
  const network = await makeNetwork(counts);
  if (isWanted('footprint')) {
    say('starts');
    results.starts = await measureStarts(network, counts);
  }
  if (['footprint', 'relay', 'latency'].some(isWanted)) {
    const nodes = {
      a: startNode('a', network.a, network.operator), b: startNode('b', network.b, network.operator),
    };
    await untilServing(nodes.a, network.a);
    await untilServing(nodes.b, network.b);
    await sleep(counts.idleSeconds * 1000);
    const resident = () => ({ a: residentKiB(nodes.a.pid), b: residentKiB(nodes.b.pid) });
    results.idle = resident();
    const logged = linesLogged(nodes.a) + linesLogged(nodes.b);
    if (isWanted('relay')) {
      say('relay, beside its peers');
      const environment = { CONET_JVM_OPTIONS: optionsOfBothCompilers() };
      nodes.c = startNode('c', network.c, network.operator, environment);
      await untilServing(nodes.c, network.c);
      const peers = await startPeers(network.sink);
      const before = threadMillis(nodes.a.pid);
      results.relay = await measureRelay(network, nodes, peers, counts, CONCURRENCY, say);
      results.threads = Object.fromEntries(Object.entries(threadMillis(nodes.a.pid))
        .map(([name, millis]) => [name, millis - (before[name] ?? 0)]));
      await Promise.all([nodes.c, ...peers.map(({ entry }) => entry)].map(stop));
    }
    if (isWanted('footprint') || isWanted('relay')) {
      say('mail to the mailbox');
      results.mail = await measureMail(network, nodes, counts);
      results.withMail = resident();
    }
    if (isWanted('latency')) {
      say('latency to a live listener');
      results.latency = await measureLatency(network, counts);
    }
    results.atEnd = resident();
    await sleep(5500); // the counters are shown every five seconds
    results.status = { a: status('a'), b: status('b') };
    results.linesLogged = linesLogged(nodes.a) + linesLogged(nodes.b) - logged;
    await Promise.all([stop(nodes.a), stop(nodes.b)]);
  }
  if (isWanted('steps')) {
    say('the steps of forwarding');
    results.steps = await java('Microbench', [], counts.batches, counts.batchMillis);
    results.stepsOfBothCompilers =
      await java('Microbench', ['-XX:TieredStopAtLevel=4'], counts.batches, counts.batchMillis);
  }
  results.loads.push(loadavg()[0]);
  return results;
}

const wanted = options(process.argv.slice(2));
process.on('SIGINT', () => stopAll().then(() => process.exit(130)));
process.on('SIGTERM', () => stopAll().then(() => process.exit(143)));
try {
  beginAfresh();
  const results = await measure(wanted);
  writeFileSync(path.join(WORK, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  const text = report(results, wanted.counts, wanted.isSmoke);
  console.log(text);
  const isComplete = !wanted.isSmoke && wanted.parts.length === PARTS.length;
  if (isComplete) writeFileSync(path.join(HERE, 'RESULTS.md'), text);
} catch (failure) {
  console.error(`bench: ${failure.message}\nbench: logs are in ${WORK}`);
  process.exitCode = 1;
} finally {
  await stopAll();
}
