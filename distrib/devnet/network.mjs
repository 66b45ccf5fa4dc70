// The processes of the network and what is asked of them. Everything listens on loopback addresses only.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.resolve(HERE, '../..');
export const DIRECTORY = path.join(HERE, 'target/devnet');
const HOSTS = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
const START_SECONDS = 60;
const BLOCK_SECONDS = 2;
/** channel(address,address) of Settlement. */
const CHANNEL_SELECTOR = '2b10eefa';
const NODE_BOND_WEI = 10n ** 17n;
const NAME_DEPOSIT_WEI = 10n ** 16n;
const NANOCREDITS_PER_COIN = 100n * 10n ** 9n;

/** Asks until the answer is true, or fails with the reason given. */
export async function until(what, question, seconds = START_SECONDS) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${seconds} s`);
    await sleep(200);
  }
}

/** The program itself, not the script in front of it, which would not pass on every signal. */
function chainBinary() {
  const packages = path.join(HERE, 'node_modules/@foundry-rs');
  const own = readdirSync(packages).map((name) => path.join(packages, name, 'bin/anvil')).find((file) => existsSync(file));
  return own ?? path.join(HERE, 'node_modules/.bin/anvil');
}

export class Network {
  constructor({ port, rpcPort }) {
    this.port = port;
    this.rpcPort = rpcPort;
    this.chainId = 224422001;
    this.rpcUrl = `http://127.0.0.1:${rpcPort}`;
    this.processes = [];
    this.wallets = {};
    this.contracts = {};
    rmSync(DIRECTORY, { recursive: true, force: true });
    mkdirSync(DIRECTORY, { recursive: true, mode: 0o700 });
    this.fronts = [];
    this.networkFile = path.join(DIRECTORY, 'network.json');
    this.passwordFile = path.join(DIRECTORY, 'password');
    writeFileSync(this.passwordFile, 'devnet only\n', { mode: 0o600 });
  }

  // --- processes

  start(name, command, words) {
    const log = openSync(path.join(DIRECTORY, `${name}.log`), 'a', 0o600);
    const child = spawn(command, words, { stdio: ['ignore', log, log] });
    const entry = { name, child, ended: false };
    entry.exit = new Promise((resolve) => child.on('close', (code, signal) => {
      entry.ended = true;
      resolve({ code, signal });
    }));
    child.on('error', () => { entry.ended = true; });
    this.processes.push(entry);
    return entry;
  }

  requireAlive(entry) {
    if (!entry.ended) return;
    const log = readFileSync(path.join(DIRECTORY, `${entry.name}.log`), 'utf8').trim().split('\n');
    throw new Error(`${entry.name} ended: ${log[log.length - 1] || 'it said nothing'}`);
  }

  async stop() {
    this.stopFronts();
    for (const entry of [...this.processes].reverse()) {
      if (entry.ended) continue;
      entry.child.kill('SIGTERM');
      const isGone = await Promise.race([entry.exit.then(() => true), sleep(15_000).then(() => false)]);
      if (!isGone) {
        console.error(`devnet: ${entry.name} does not stop; killed`);
        entry.child.kill('SIGKILL');
        await entry.exit;
      }
    }
    this.processes = [];
  }

  // --- chain

  async rpc(method, ...params) {
    const response = await fetch(this.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const answer = await response.json();
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  }

  async requireFree(host, port) {
    const server = net.createServer();
    await new Promise((resolve, reject) => {
      server.once('error', () => reject(new Error(`${host}:${port} is in use; choose another with --port or --rpc-port`)));
      server.listen(port, host, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  }

  async startChain() {
    await this.requireFree('127.0.0.1', this.rpcPort);
    for (const host of HOSTS) await this.requireFree(host, this.port);
    const anvil = chainBinary();
    const chain = this.chain = this.start('chain', anvil, ['--host', '127.0.0.1', '--port', `${this.rpcPort}`,
      '--chain-id', `${this.chainId}`, '--block-time', `${BLOCK_SECONDS}`]);
    await until('the chain', async () => {
      this.requireAlive(chain);
      try {
        return await this.rpc('eth_blockNumber');
      } catch {
        return null; // not yet listening
      }
    });
    [this.deployer] = await this.rpc('eth_accounts');
  }

  /** The chain's server no longer answers, and answers again. */
  pauseChain() {
    this.chain.child.kill('SIGSTOP');
  }

  resumeChain() {
    this.chain.child.kill('SIGCONT');
  }

  async call(to, data) {
    return this.rpc('eth_call', { to, data }, 'latest');
  }

  /** What the chain has paid out of a channel. */
  async channelRedeemed(payer, payee) {
    const word = (address) => address.slice(2).toLowerCase().padStart(64, '0');
    const answer = await this.call(this.contracts.settlement, `0x${CHANNEL_SELECTOR}${word(payer)}${word(payee)}`);
    return `0x${answer.slice(2 + 64, 2 + 128)}`;
  }

  async transact(transaction) {
    const hash = await this.rpc('eth_sendTransaction', { from: this.deployer, ...transaction });
    const receipt = await until('a transaction', () => this.rpc('eth_getTransactionReceipt', hash));
    if (receipt.status !== '0x1') throw new Error(`transaction ${hash} failed`);
    return receipt;
  }

  /** All contracts, in the order in which they know each other; addresses are those that the network file names. */
  async deploy() {
    const word = (value) => BigInt(value).toString(16).padStart(64, '0');
    const deploy = async (name, ...words) => {
      const artifact = JSON.parse(readFileSync(path.join(ROOT, `provisioning/contracts/out/${name}.json`), 'utf8'));
      return (await this.transact({ data: artifact.bytecode + words.map(word).join('') })).contractAddress;
    };
    const nodeRegistry = await deploy('NodeRegistry', NODE_BOND_WEI);
    const routingTable = await deploy('RoutingTable', nodeRegistry);
    const nameRegistry = await deploy('NameRegistry', NAME_DEPOSIT_WEI);
    const cloudCredit = await deploy('CloudCredit', nodeRegistry, NANOCREDITS_PER_COIN);
    const settlement = await deploy('Settlement', cloudCredit);
    const uptime = await deploy('Uptime', cloudCredit);
    this.contracts = { nodeRegistry, routingTable, nameRegistry, cloudCredit, settlement, uptime };
    writeFileSync(this.networkFile, `${JSON.stringify({
      name: 'devnet', rpcUrls: [this.rpcUrl], chainId: this.chainId, ...this.contracts,
    }, null, 2)}\n`);
  }

  // --- nodes

  nodeUrl(index) {
    return `http://${HOSTS[index]}:${this.port}`;
  }

  startNode(index) {
    const name = `node-${'abc'[index]}`;
    const home = path.join(DIRECTORY, name);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const config = path.join(home, 'conet.conf');
    writeFileSync(config, [
      `transport.listen = ${HOSTS[index]}`,
      `transport.port = ${this.port}`,
      'chain.mode = contract',
      `chain.rpcUrls = ${this.rpcUrl}`,
      `chain.chainId = ${this.chainId}`,
      `chain.nodeRegistry = ${this.contracts.nodeRegistry}`,
      `chain.routingTable = ${this.contracts.routingTable}`,
      `chain.publicEndpoint = ${HOSTS[index]}:${this.port}`,
      'chain.region = devnet',
      `chain.pollMillis = ${BLOCK_SECONDS * 500}`,
      `chain.settlement = ${this.contracts.settlement}`,
      `chain.owner = ${this.wallets.alice ?? ''}`,
      'chain.confirmations = 2',
      `metering.owners = ${this.wallets.alice ?? ''}`,
      ...(this.nodeSettings ?? []),
      `services.owners = ${this.wallets.alice ?? ''}`,
      `services.publishers = ${this.wallets.alice ?? ''}`,
      'services.grants = log clock random caller kv stream mail http tunnel',
      // Everything of this network lives on this machine, also what a proxy is to reach.
      'transport.privateNetworksAllowed = 127.0.0.0/8',
      '',
    ].join('\n'), { mode: 0o600 });
    return this.start(name, path.join(ROOT, 'distrib/runtime/target/conet-edge/bin/conet-edge'), [
      '--data', path.join(home, 'data'), '--run', path.join(home, 'run'), '--config', config]);
  }

  /** As by a power cut, without a chance to tidy up. */
  async killNode(index) {
    this.nodes[index].child.kill('SIGKILL');
    await this.nodes[index].exit;
    this.processes = this.processes.filter((entry) => entry !== this.nodes[index]);
  }

  async restartNode(index) {
    this.nodes[index] = this.startNode(index);
    await this.nodeWallet(this.nodes[index], index);
  }

  async nodeWallet(entry, index) {
    return until(`${entry.name} serving`, async () => {
      this.requireAlive(entry);
      try {
        return (await (await fetch(`${this.nodeUrl(index)}/nodeWallet`)).text()).trim();
      } catch {
        return null; // not yet listening
      }
    });
  }

  /** Starts the nodes and gives each the coins that its registration, and those of its users, cost. */
  async startNodes() {
    this.nodes = HOSTS.map((_, index) => this.startNode(index));
    for (let index = 0; index < HOSTS.length; index++) {
      const wallet = await this.nodeWallet(this.nodes[index], index);
      await this.transact({ to: wallet, value: '0xde0b6b3a7640000' });
    }
    await until('the registration of the nodes', async () => {
      this.nodes.forEach((entry) => this.requireAlive(entry));
      return (await this.registeredNodes()).length === HOSTS.length;
    });
  }

  async registeredNodes() {
    const lines = await this.conet(null, 'nodes', '--json');
    const nodes = lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    return nodes.sort((a, b) => a.endpoint.localeCompare(b.endpoint));
  }

  /** The counters of a node, as its status file shows them; at most five seconds old. */
  status(index) {
    return JSON.parse(readFileSync(path.join(DIRECTORY, `node-${'abc'[index]}`, 'run/status.json'), 'utf8'));
  }

  // --- wallets

  async makeWallet(name) {
    const made = JSON.parse(await this.conet(name, 'wallet', 'create', '--json'));
    this.wallets[name] = made.wallet;
  }

  async register(name, mailboxIndex) {
    const nodes = await this.registeredNodes();
    // A node learns of another one with its next look at the chain; until then it knows no way to it.
    await until(`the registration of ${name}`, async () => {
      const result = await this.tryConet(name, 'register', '--mailbox', nodes[mailboxIndex].keyId, '--json');
      if (result.code !== 0 && result.code !== 5) throw new Error(`conet register: ${result.err}`);
      return result.code === 0;
    });
  }

  /** Coins of the chain, as from a faucet. */
  async fund(name, coins) {
    await this.transact({ to: this.wallets[name], value: `0x${(BigInt(coins) * 10n ** 18n).toString(16)}` });
  }

  /** Nanocredits that a wallet has on the chain. */
  async credits(name) {
    return this.creditsOf(this.wallets[name]);
  }

  async creditsOf(address) {
    return JSON.parse(await this.conet(null, 'credit', 'balance', address, '--json')).nanocredits;
  }

  /** What a person sets in a shell to be one of the wallets here. */
  environment(wallet) {
    return {
      CONET_NETWORK: this.networkFile,
      CONET_PASSWORD_FILE: this.passwordFile,
      ...(wallet ? { CONET_WALLET: path.join(DIRECTORY, 'wallets', wallet) } : {}),
    };
  }

  spawnConet(wallet, words) {
    return spawn(path.join(HERE, 'conet'), words, {
      stdio: ['ignore', 'pipe', 'pipe'], cwd: DIRECTORY, env: { ...process.env, ...this.environment(wallet) },
    });
  }

  tryConet(wallet, ...words) {
    return new Promise((resolve, reject) => {
      const child = this.spawnConet(wallet, words);
      let out = '';
      let err = '';
      child.stdout.on('data', (bytes) => { out += bytes; });
      child.stderr.on('data', (bytes) => { err += bytes; });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, out: out.trim(), err: err.trim() }));
    });
  }

  /** Starts a command that goes on; resolves to the first line that it prints, which says that it is ready. */
  startConet(wallet, ...words) {
    const child = this.spawnConet(wallet, words);
    this.fronts.push(child);
    return new Promise((resolve, reject) => {
      let out = '';
      let err = '';
      child.stdout.on('data', (bytes) => {
        out += bytes;
        if (out.includes('\n')) resolve(JSON.parse(out.slice(0, out.indexOf('\n'))));
      });
      child.stderr.on('data', (bytes) => { err = `${err}${bytes}`.slice(-2000); });
      child.on('error', reject);
      child.on('close', (code) => reject(new Error(`conet ${words.join(' ')} ended with ${code}: ${err.trim()}`)));
    });
  }

  stopFronts() {
    for (const child of this.fronts) child.kill('SIGTERM');
    this.fronts = [];
  }

  async conet(wallet, ...words) {
    const result = await this.tryConet(wallet, ...words);
    if (result.code !== 0) throw new Error(`conet ${words.join(' ')} ended with ${result.code}: ${result.err}`);
    return result.out;
  }

  /** The smallest service, as a newcomer makes it; returns its directory. */
  async makeService(name, language) {
    await this.conet(null, 'service', 'new', name, '--lang', language);
    const directory = path.join(DIRECTORY, name);
    const built = spawnSync('sh', ['build.sh'], { cwd: directory, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`build.sh of ${name}: ${built.stderr}`);
    return directory;
  }

  /** Puts a service that ships onto a node, signed by alice, who owns it. */
  async installShipped(name, node) {
    const directory = path.join(DIRECTORY, name);
    cpSync(path.join(ROOT, 'distrib/runtime/target/conet-edge/services', name), directory, { recursive: true });
    await this.conet('alice', 'service', 'pack', '--directory', directory);
    await this.conet('alice', 'service', 'install', '--node', node.wallet, path.join(directory, `${name}-1.0.0.conet`));
  }

  untilOnline(asking, wallet) {
    return until('listening', async () => JSON.parse(await this.conet(asking, 'online', wallet, '--json')).online);
  }

  /** Files for a shell: who reads one is that wallet, and finds the command, the other wallet and the third node. */
  async writeEnvironments() {
    const service = (await this.registeredNodes())[2].wallet;
    for (const [name, other] of [['alice', 'bob'], ['bob', 'alice']]) {
      const lines = Object.entries(this.environment(name)).map(([key, value]) => `export ${key}='${value}'`);
      lines.push(`export PATH='${HERE}':"$PATH"`, `${other}=${this.wallets[other]}`, `${name}=${this.wallets[name]}`,
        `node=${service}`);
      writeFileSync(path.join(DIRECTORY, name), `${lines.join('\n')}\n`, { mode: 0o600 });
    }
  }

  hints() {
    return [
      `. ${path.join(DIRECTORY, 'alice')}   # this shell is now alice's; bob's is beside it`,
      'conet nodes',
      'conet send $bob "hello"',
      `cat ${path.join(DIRECTORY, 'node-b/run/status.json')}`,
    ];
  }
}
