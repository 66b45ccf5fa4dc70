// A node as relay, and its peers in the same place: client -> X -> sink. CPU time of X a message.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Template, load } from './load.mjs';
import { WORK, cpuMillis, findCommand, freePorts, requireAlive, start, untilListening } from './processes.mjs';

const PEERS = path.join(path.dirname(fileURLToPath(import.meta.url)), 'peers.mjs');
const KIB = 1024;

/** HAProxy passing TCP through, with one thread and nothing else switched on. */
function haproxyConfig(port, sink) {
  return [
    'global', '  nbthread 1', '  maxconn 2000',
    'defaults', '  mode tcp', '  timeout connect 8s', '  timeout client 60s', '  timeout server 60s',
    'listen relay', `  bind 127.0.0.1:${port}`, `  server sink 127.0.0.1:${sink}`, '',
  ].join('\n');
}

/** Starts the sink and what stands before it beside the node. */
export async function startPeers(sink) {
  const peers = [{ name: 'sink', entry: start('sink', process.execPath, [PEERS, 'sink', `${sink}`]) }];
  await untilListening(peers[0].entry, sink);
  const [pipe, haproxy] = await freePorts(2);
  const forwarder = start('pipe', process.execPath, [PEERS, 'pipe', `${pipe}`, `${sink}`]);
  peers.push({ name: 'net.pipe', port: pipe, entry: forwarder });
  const command = findCommand('HAPROXY', 'haproxy');
  if (command) {
    const file = path.join(WORK, 'haproxy.cfg');
    writeFileSync(file, haproxyConfig(haproxy, sink));
    peers.push({ name: 'haproxy', port: haproxy, entry: start('haproxy', command, ['-db', '-f', file]) });
  }
  for (const { entry, port } of peers.slice(1)) await untilListening(entry, port);
  return peers;
}

async function once(subject, template, count, concurrency, isKept) {
  requireAlive(subject.entry);
  const before = cpuMillis(subject.entry.pid);
  const { seconds } = await load(subject.port, template, count, concurrency, isKept);
  return { millis: (cpuMillis(subject.entry.pid) - before) / count, perSecond: count / seconds };
}

/** Rounds over all subjects, so that what disturbs the machine disturbs all of them. */
export async function measureRelay(network, nodes, peers, counts, concurrency, say) {
  const subjects = [
    { name: 'CONET Edge', entry: nodes.a, port: network.a, factor: 1 },
    { name: 'CONET Edge, both compilers', entry: nodes.c, port: network.c, factor: 1 },
  ];
  for (const peer of peers.slice(1)) subjects.push({ ...peer, factor: counts.peerFactor });
  const templates = { 1: new Template(network.swallowed[KIB]), 64: new Template(network.swallowed[64 * KIB]) };
  const results = [];
  for (const subject of subjects) {
    for (const isKept of [true, false]) {
      for (const kib of [64, 1]) {
        const count = Math.ceil(counts.warmUp / (kib === 1 ? 2 : 16));
        await load(subject.port, templates[kib], count, concurrency, isKept);
      }
    }
  }
  for (let round = 0; round < counts.rounds; round++) {
    say(`  round ${round + 1} of ${counts.rounds}`);
    for (const kib of [1, 64]) {
      for (const isKept of [false, true]) {
        for (const subject of subjects) {
          const count = counts.messages[kib] * subject.factor;
          const figures = await once(subject, templates[kib], count, concurrency, isKept);
          results.push({ subject: subject.name, kib, isKept, ...figures });
        }
      }
    }
  }
  return results;
}
