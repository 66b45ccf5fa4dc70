// The processes that are measured, and what the kernel says about them. Everything listens on loopback only.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.resolve(HERE, '../..');
export const WORK = path.join(HERE, 'target/bench');
export const PRODUCT = path.join(ROOT, 'distrib/runtime/target/conet-edge');
const HOST = '127.0.0.1';
const TICK_MILLIS = 10; // USER_HZ is 100 on every Linux that Node runs on

const running = new Set();

/** Removes what an earlier run left. */
export function beginAfresh() {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true, mode: 0o700 });
}

/** Starts a process; its output goes to a file of its name. */
export function start(name, command, words, environment = {}) {
  const log = openSync(path.join(WORK, `${name}.log`), 'a', 0o600);
  const child = spawn(command, words, { stdio: ['ignore', log, log], env: { ...process.env, ...environment } });
  closeSync(log);
  const entry = { name, child, pid: child.pid, ended: false };
  entry.exit = new Promise((resolve) => {
    child.on('close', () => { entry.ended = true; running.delete(entry); resolve(); });
    child.on('error', () => { entry.ended = true; running.delete(entry); resolve(); });
  });
  running.add(entry);
  return entry;
}

/** Ends one process, and only this one. */
export async function stop(entry) {
  if (entry.ended) return;
  entry.child.kill('SIGTERM');
  const isGone = await Promise.race([entry.exit.then(() => true), sleep(15_000).then(() => false)]);
  if (!isGone) {
    entry.child.kill('SIGKILL');
    await entry.exit;
  }
}

/** Ends all that was started here. */
export async function stopAll() {
  await Promise.all([...running].map(stop));
}

/** Fails with the last line that a process said, when it has ended. */
export function requireAlive(entry) {
  if (!entry.ended) return;
  const said = readFileSync(path.join(WORK, `${entry.name}.log`), 'utf8').trim().split('\n');
  throw new Error(`${entry.name} ended: ${said[said.length - 1] || 'it said nothing'}`);
}

/** Ports that nobody uses at this moment. */
export async function freePorts(count) {
  const servers = [];
  for (let i = 0; i < count; i++) {
    const server = net.createServer();
    await new Promise((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
    servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
  return ports;
}

/** Waits until somebody listens. */
export async function untilListening(entry, port, seconds = 60) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    requireAlive(entry);
    const isOpen = await new Promise((resolve) => {
      const socket = net.connect(port, HOST);
      socket.on('connect', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    if (Date.now() > deadline) throw new Error(`${entry.name} does not listen within ${seconds} s`);
    await sleep(20);
  }
}

/** CPU time that a process has used, all its threads, in milliseconds. */
export function cpuMillis(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MILLIS;
}

/** CPU time of each thread, by its name without digits, in milliseconds. */
export function threadMillis(pid) {
  const millis = {};
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')).replace(/[-#0-9]+$/, '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    millis[name] = (millis[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) * TICK_MILLIS;
  }
  return millis;
}

/** Memory of a process that lies in RAM, in KiB. */
export function residentKiB(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

/** The jars of the product, and the compiled measurements. */
function classPath() {
  const bundles = path.join(PRODUCT, 'bundles');
  const jars = readdirSync(bundles).filter((name) => name.endsWith('.jar')).map((name) => path.join(bundles, name));
  const framework = readdirSync(path.join(PRODUCT, 'lib')).map((name) => path.join(PRODUCT, 'lib', name));
  return [path.join(HERE, 'target/classes'), path.join(ROOT, 'bundles/testkit/target/classes'), ...jars, ...framework]
    .join(':');
}

/** Runs a class of this module with the JVM options of the node and some more; its JSON. */
export async function java(name, options, ...words) {
  const out = path.join(WORK, `${name}.out`);
  const file = openSync(out, 'w', 0o600);
  const child = spawn('java', [`@${path.join(PRODUCT, 'conf/jvm.options')}`, ...options,
    '-Dorg.ops4j.pax.logging.DefaultServiceLog.level=WARN', '-cp', classPath(),
    `network.conet.edge.bench.${name}`, ...words.map(String)], { stdio: ['ignore', file, 'inherit'] });
  closeSync(file);
  const code = await new Promise((resolve) => { child.on('close', resolve); });
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  return JSON.parse(lines[lines.length - 1]);
}

/** A file that lifts the restriction of the node's JVM to one compiler. */
export function optionsOfBothCompilers() {
  const file = path.join(WORK, 'both-compilers.options');
  writeFileSync(file, '-XX:TieredStopAtLevel=4\n');
  return file;
}

/** Starts a node that finds its keys and the network's file in its directory. */
export function startNode(name, port, operator, environment = {}) {
  const home = path.join(WORK, name);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  rmSync(path.join(home, 'run'), { recursive: true, force: true }); // lies in memory: empty after each boot
  const config = path.join(home, 'conet.conf');
  writeFileSync(config, [
    `transport.listen = ${HOST}`,
    `transport.port = ${port}`,
    'chain.mode = file',
    `chain.networkFile = ${path.join(WORK, 'network.json')}`,
    `chain.operatorWallet = ${operator}`,
    '',
  ].join('\n'), { mode: 0o600 });
  return start(`node-${name}`, path.join(PRODUCT, 'bin/conet-edge'),
    ['--data', path.join(home, 'data'), '--run', path.join(home, 'run'), '--config', config, '--log', 'info'],
    { CONET_PROFILE: 'none', ...environment }); // the smallest settings, whatever this machine is
}

/** Lines that a process has written. */
export function linesLogged(entry) {
  return readFileSync(path.join(WORK, `${entry.name}.log`), 'utf8').split('\n').length - 1;
}

/** The counters of a node as it shows them; at most five seconds old. */
export function status(name) {
  return JSON.parse(readFileSync(path.join(WORK, name, 'run/status.json'), 'utf8'));
}

/** Whether a command can be found. */
export function findCommand(variable, name) {
  if (process.env[variable]) return process.env[variable];
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']) {
    if (folder && existsSync(path.join(folder, name))) return path.join(folder, name);
  }
  return null;
}
