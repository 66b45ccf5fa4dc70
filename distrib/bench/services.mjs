// The proxy beside HAProxy and ssh -D, and a website behind a wallet, on a network of this machine.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Network, DIRECTORY, ROOT } from '../devnet/network.mjs';
import { beginAfresh, cpuMillis, findCommand, freePorts, start, stopAll, untilListening } from './processes.mjs';

const run = promisify(execFile);
const isSmoke = process.argv.includes('--smoke');
const ROUNDS = isSmoke ? 1 : 5;
const LOAD_BYTES = (isSmoke ? 10 : 300) * 1_000_000;
const CONNECTIONS = isSmoke ? 5 : 200;
const REQUESTS = isSmoke ? 4 : 100;
const AT_A_TIME = 16;
const LARGE_BYTES = 5_000_000;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const say = (line) => console.error(`${new Date().toTimeString().slice(0, 8)} ${line}`);

/** Answers /N with so many bytes. */
function source() {
  const chunk = Buffer.alloc(1 << 20, 'x');
  const server = http.createServer((request, response) => {
    let left = Number(request.url.slice(1));
    response.writeHead(200, { 'content-length': left });
    const more = () => {
      while (left > 0) {
        const next = left < chunk.length ? chunk.subarray(0, left) : chunk;
        left -= next.length;
        if (!response.write(next) && left > 0) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Fetches through a way and says how long it took, and how much CPU time each of its processes. */
async function measured(way, url, times = 1) {
  const before = way.processes.map(({ pid }) => cpuMillis(pid));
  const begin = process.hrtime.bigint();
  for (let i = 0; i < times; i++) {
    await run('curl', ['-sS', '-f', '-o', '/dev/null', ...way.curl, url], { timeout: 120_000 });
  }
  const millis = Number(process.hrtime.bigint() - begin) / 1e6;
  return { millis, cpu: way.processes.map(({ pid }, i) => cpuMillis(pid) - before[i]) };
}

async function startHaproxy(port, target) {
  const command = findCommand('HAPROXY', 'haproxy');
  if (!command) return null;
  const file = path.join(DIRECTORY, 'haproxy.cfg');
  writeFileSync(file, ['global', '  nbthread 1', 'defaults', '  mode tcp', '  timeout connect 5s', '  timeout client 60s',
    '  timeout server 60s', 'frontend in', `  bind 127.0.0.1:${port}`, '  default_backend out', 'backend out',
    `  server target 127.0.0.1:${target}`, ''].join('\n'));
  const entry = start('haproxy', command, ['-f', file, '-db']);
  await untilListening(entry, port);
  return { name: 'HAProxy, TCP mode, one thread: moves bytes only', port, curl: [], processes: [{ name: 'haproxy', pid: entry.child.pid }] };
}

/** A server and a client of OpenSSH with keys made for this run. */
async function startSsh(serverPort, port) {
  const command = findCommand('SSHD', 'sshd');
  if (!command || !findCommand('SSH', 'ssh')) return null;
  const home = mkdtempSync(path.join(os.tmpdir(), 'conet-bench-'));
  for (const name of ['host', 'user']) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(home, name)]);
  spawnSync('cp', [path.join(home, 'user.pub'), path.join(home, 'authorized')]);
  mkdirSync('/run/sshd', { recursive: true });
  const server = start('sshd', command, ['-D', '-e', '-f', '/dev/null', '-h', path.join(home, 'host'), '-p', `${serverPort}`,
    '-o', 'ListenAddress=127.0.0.1', '-o', `AuthorizedKeysFile=${path.join(home, 'authorized')}`, '-o', 'StrictModes=no',
    '-o', 'PermitRootLogin=yes', '-o', 'PidFile=none']);
  await untilListening(server, serverPort);
  const client = start('ssh', 'ssh', ['-N', '-D', `127.0.0.1:${port}`, '-p', `${serverPort}`, '-i', path.join(home, 'user'),
    '-F', '/dev/null', '-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${path.join(home, 'known')}`, '127.0.0.1']);
  await untilListening(client, port);
  // The one of the server's processes that serves this connection does the work.
  const children = spawnSync('pgrep', ['-P', `${server.child.pid}`], { encoding: 'utf8' }).stdout.trim().split('\n').map(Number);
  const grandchildren = children.flatMap((pid) => spawnSync('pgrep', ['-P', `${pid}`], { encoding: 'utf8' }).stdout.trim().split('\n'));
  const serving = [...children, ...grandchildren.filter(Boolean).map(Number)];
  return {
    name: 'ssh -D: encrypts between client and exit', home, curl: ['--proxy', `socks5h://127.0.0.1:${port}`],
    processes: [...serving.map((pid) => ({ name: 'exit', pid })), { name: 'front', pid: client.child.pid }],
  };
}

async function measureProxy(network, results) {
  const exit = (await network.registeredNodes())[2];
  await network.installShipped('proxy', exit);
  const front = await network.startConet('bob', 'proxy', '--listen', '127.0.0.1:0', '--exit', exit.wallet, '--json');
  const server = await source();
  const target = server.address().port;
  const [haproxyPort, sshPort, socksPort] = await freePorts(3);
  const ours = {
    name: 'CONET Edge: conet proxy, an entry, the exit', curl: ['--proxy', `socks5h://127.0.0.1:${front.port}`],
    processes: [{ name: 'exit', pid: network.nodes[2].child.pid }, { name: 'entry', pid: network.nodes[0].child.pid },
      { name: 'entry', pid: network.nodes[1].child.pid }, { name: 'front', pid: network.fronts.at(-1).pid }],
  };
  const ways = [ours, await startHaproxy(haproxyPort, target), await startSsh(sshPort, socksPort)].filter(Boolean);
  const url = (way, bytes) => `http://127.0.0.1:${way.port ?? target}/${bytes}`;
  try {
    for (const way of ways) await measured(way, url(way, LOAD_BYTES), 2); // warm
    results.proxy = ways.map((way) => ({ name: way.name, load: [], small: [], roles: way.processes.map(({ name }) => name) }));
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < ways.length; i++) {
        say(`proxy, round ${round + 1} of ${ROUNDS}: ${ways[i].name}`);
        results.proxy[i].load.push(await measured(ways[i], url(ways[i], LOAD_BYTES)));
        results.proxy[i].small.push(await measured(ways[i], url(ways[i], 1000), CONNECTIONS));
      }
    }
  } finally {
    server.close();
    network.stopFronts();
    ways.filter(({ home }) => home).forEach(({ home }) => rmSync(home, { recursive: true, force: true }));
  }
}

function get(port, host, target) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: target, headers: { host: `${host}:${port}` } }, (response) => {
      let bytes = 0;
      response.on('data', (more) => { bytes += more.length; });
      response.on('end', () => (response.statusCode === 200 ? resolve(bytes) : reject(new Error(`the site answers ${response.statusCode}`))));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** So many requests, so many at a time; each for another address, so that nothing comes from the cache. */
async function requests(port, host, count, atATime, mark) {
  const begin = process.hrtime.bigint();
  let next = 0;
  await Promise.all(Array.from({ length: atATime }, async () => {
    while (next < count) await get(port, host, `/?${mark}${next++}`);
  }));
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

async function measureSite(network, results) {
  const site = path.join(DIRECTORY, 'public');
  mkdirSync(site, { recursive: true });
  writeFileSync(path.join(site, 'index.html'), 'x'.repeat(1000));
  writeFileSync(path.join(site, 'large'), Buffer.alloc(LARGE_BYTES, 'x'));
  const { wallet } = await network.startConet('alice', 'publish', site, '--json');
  const { port } = await network.startConet('bob', 'browse', '--port', '0', '--json');
  const host = `${wallet}.localhost`;
  await requests(port, host, REQUESTS, AT_A_TIME, 'warm');
  results.site = { alone: [], together: [], large: [] };
  for (let round = 0; round < ROUNDS; round++) {
    say(`site, round ${round + 1} of ${ROUNDS}`);
    results.site.alone.push(await requests(port, host, Math.ceil(REQUESTS / 4), 1, `a${round}-`) / Math.ceil(REQUESTS / 4));
    results.site.together.push(REQUESTS / await requests(port, host, REQUESTS, AT_A_TIME, `t${round}-`) * 1000);
    const begin = process.hrtime.bigint();
    if (await get(port, host, `/large?${round}`) !== LARGE_BYTES) throw new Error('the large file did not come whole');
    results.site.large.push(Number(process.hrtime.bigint() - begin) / 1e6);
  }
  network.stopFronts();
}

function report({ proxy, site }) {
  const perRole = (samples, roles, role) => median(samples.map(({ cpu }) => cpu.reduce((sum, millis, i) => (roles[i] === role ? sum + millis : sum), 0)));
  const cpuOf = (way, samples, role) => (way.roles.includes(role) ? perRole(samples, way.roles, role).toFixed(0) : '-');
  const row = (way) => `| ${way.name} | ${(LOAD_BYTES / median(way.load.map(({ millis }) => millis)) / 1000).toFixed(0)} `
    + `| ${cpuOf(way, way.load, way.roles.includes('haproxy') ? 'haproxy' : 'exit')} | ${cpuOf(way, way.load, 'entry')} | ${cpuOf(way, way.load, 'front')} `
    + `| ${(median(way.small.map(({ millis }) => millis)) / CONNECTIONS).toFixed(1)} |`;
  return `# Proxy and site, measured

Written by \`distrib/bench/services\` on a network of three nodes on this machine, everything over loopback. ${os.cpus()[0].model.trim()}, ${os.cpus().length} cores,
load ${os.loadavg()[0].toFixed(1)} at the end, Node ${process.version}. Medians of ${ROUNDS} rounds in turn.

## Proxy
curl fetches ${LOAD_BYTES / 1e6} MB through each, then ${CONNECTIONS} times 1 kB with a connection each. CPU in ms for the ${LOAD_BYTES / 1e6} MB.

| way | MB/s | CPU of the exit | of the entry | of the front | ms a small fetch, curl's start included |
|---|---:|---:|---:|---:|---:|
${proxy.map(row).join('\n')}

## Site
\`conet publish\` and \`conet browse\`; a page of 1 kB, none from the cache.

| | |
|---|---:|
| one request at a time, ms a request | ${median(site.alone).toFixed(0)} |
| ${AT_A_TIME} at a time, requests/s | ${median(site.together).toFixed(1)} |
| a file of ${LARGE_BYTES / 1e6} MB, s | ${(median(site.large) / 1000).toFixed(1)} |

Each request is a message that the site's mailbox node keeps durably before it passes it on, and so is each answer. What the flash policy waits for others
(\`commitWindowMillis\`) counts twice in a request's time: 5 ms each on a disk, as here; 100 ms each on an SD card.
`;
}

const port = (await freePorts(1))[0];
const network = new Network({ port, rpcPort: (await freePorts(1))[0] });
const results = {};
try {
  beginAfresh();
  say('the network');
  await network.startChain();
  await network.deploy();
  await network.makeWallet('alice');
  await network.makeWallet('bob');
  await network.startNodes();
  await network.register('alice', 0);
  await network.register('bob', 1);
  await measureProxy(network, results);
  await measureSite(network, results);
  const page = report(results);
  console.log(page);
  if (!isSmoke) writeFileSync(path.join(ROOT, 'docs/services-measured.md'), page);
} finally {
  await stopAll();
  await network.stop();
}
