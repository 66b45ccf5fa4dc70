// A whole network on this machine: a chain, three nodes as processes of their own, two wallets that write to each other.
// Usage: run [--keep] [--port N] [--rpc-port N]; see README.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { Network, DIRECTORY, until } from './network.mjs';

function options(words) {
  const parsed = { keep: false, port: 8080, rpcPort: 8545 };
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--keep') parsed.keep = true;
    else if (words[i] === '--port') parsed.port = port(words[++i]);
    else if (words[i] === '--rpc-port') parsed.rpcPort = port(words[++i]);
    else fail(2, `unknown argument ${words[i]}; use --keep, --port N, --rpc-port N`);
  }
  return parsed;
}

function port(text) {
  if (!/^[0-9]{1,5}$/.test(text ?? '') || Number(text) < 1 || Number(text) > 65535) fail(2, `not a port: ${text}`);
  return Number(text);
}

function fail(code, line) {
  console.error(`devnet: ${line}`);
  process.exit(code);
}

function say(line) {
  console.log(line);
}

function send(network, text) {
  return network.conet('alice', 'send', network.wallets.bob, text, '--json').then(JSON.parse);
}

function check(sent, text, got) {
  if (got.text !== text || got.armorHash !== sent.armorHash || !got.senderProven) {
    throw new Error(`bob received something else: ${JSON.stringify(got)}`);
  }
  say(`  bob has it: "${got.text}" from ${got.from} (signature proven)`);
}

async function isMailboxEmpty(network) {
  const result = await network.tryConet('bob', 'listen', '--json', '--count', '1', '--timeout', '4');
  return result.code === 6;
}

async function show(network) {
  say('1. The chain and the contracts');
  await network.startChain();
  await network.deploy();
  say(`  chain ${network.chainId} at ${network.rpcUrl}, routing table ${network.contracts.routingTable}`);

  await network.makeWallet('alice');
  await network.makeWallet('bob');

  say('2. Three nodes, each a process of its own, with keys that they make themselves');
  await network.startNodes();
  for (const node of await network.registeredNodes()) say(`  node ${node.keyId} at ${node.endpoint}`);

  say('3. Two wallets; their mailbox nodes register them, so they need no coins');
  await network.register('alice', 0);
  await network.register('bob', 1);
  say(`  alice ${network.wallets.alice}\n  bob   ${network.wallets.bob}`);

  say('4. Live: bob listens, alice sends through an entry node that is not bob\'s mailbox');
  const live = network.conet('bob', 'listen', '--json', '--count', '1', '--timeout', '60');
  await network.untilOnline('alice', network.wallets.bob);
  const greeting = 'hello bob, are you there?';
  check(await send(network, greeting), greeting, JSON.parse(await live));
  if (!await isMailboxEmpty(network)) throw new Error('the live message was not forgotten when it was acknowledged');
  say('  acknowledged, and gone from the mailbox');

  say('5. Away: bob is offline, alice sends, bob comes later');
  const away = 'read this when you are back';
  const sent = await send(network, away);
  say('  alice has the mailbox node\'s word that it is stored');
  check(sent, away, JSON.parse(await network.conet('bob', 'listen', '--json', '--count', '1', '--timeout', '60')));
  if (!await isMailboxEmpty(network)) throw new Error('the stored message was not forgotten when it was acknowledged');
  say('  acknowledged, and gone from the mailbox');

  say('6. A service: alice, who owns the nodes, makes one and installs it; bob calls it, sealed both ways');
  await showService(network);

  say('7. A website behind a wallet: alice publishes a directory, bob opens it; neither learns where the other is');
  await showSite(network);

  say('8. A proxy: bob reaches a web server through node c; the entry knows who asks, the exit knows for what');
  await showProxy(network);

  say('9. Money: alice, who owns the nodes, makes credits; bob pays node b with a voucher, alice is paid on the chain');
  await showMoney(network);
}

async function showService(network) {
  const node = (await network.registeredNodes())[2];
  const echo = await network.makeService('echo', 'wat');
  await network.conet('alice', 'service', 'pack', '--directory', echo);
  await network.conet('alice', 'service', 'install', '--node', node.wallet, path.join(echo, 'echo-1.0.0.conet'));
  const words = 'what I say three times is true';
  const reply = await network.conet('bob', 'service', 'call', '--node', node.wallet, 'echo', words);
  if (reply !== words) throw new Error(`the service answered something else: ${reply}`);
  const refused = await network.tryConet('bob', 'service', 'remove', '--node', node.wallet, 'echo');
  if (refused.code !== 5 || !refused.err.includes('owner_only')) throw new Error(`bob removed it: ${refused.err}`);
  say(`  node ${node.keyId} answers bob: "${reply}"; its services are not his to remove`);
}

async function showMoney(network) {
  const node = (await network.registeredNodes())[1];
  await network.fund('alice', 10);
  await network.fund('bob', 1);
  await network.conet('alice', 'credit', 'mint', '--node', node.wallet, '--bond', '0.1', '10');
  await network.conet('alice', 'credit', 'send', network.wallets.bob, '1');
  await network.conet('bob', 'account', 'deposit', '--node', node.wallet, '0.5');
  await until('the deposit, a few blocks deep', async () => {
    const result = await network.tryConet('bob', 'account', 'pay', '--node', node.wallet, '0.25');
    if (result.code !== 0 && !result.err.includes('voucher_uncovered')) throw new Error(`conet account pay: ${result.err}`);
    return result.code === 0;
  });
  const before = await network.credits('alice');
  const earnings = JSON.parse(await network.conet('alice', 'earnings', '--node', node.wallet, '--settle', '--json'));
  const got = await network.credits('alice') - before;
  if (earnings.acknowledged !== 250_000_000 || earnings.settled !== 250_000_000 || got !== 250_000_000) {
    throw new Error(`alice got ${got}, the node says ${JSON.stringify(earnings)}`);
  }
  say(`  bob promised 0.25 credits, the chain paid them to alice (transaction ${earnings.payments[0].transaction})`);
}

/** What a browser gets; the address is a wallet's, which this machine resolves to itself as every browser does. */
function get(port, host, target) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: target, headers: { host: `${host}:${port}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (more) => { text += more; });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

async function showSite(network) {
  const site = path.join(DIRECTORY, 'public');
  mkdirSync(site, { recursive: true });
  const page = '<!doctype html><title>Alice</title><h1>Nobody knows where this is</h1>';
  writeFileSync(path.join(site, 'index.html'), page);
  const { wallet } = await network.startConet('alice', 'publish', site, '--json');
  const { port } = await network.startConet('bob', 'browse', '--port', '0', '--json');
  const shown = await get(port, `${wallet}.localhost`, '/');
  if (shown.status !== 200 || shown.text !== page) throw new Error(`the site shows ${shown.status}: ${shown.text}`);
  const absent = await get(port, `${wallet}.localhost`, '/nothing');
  if (absent.status !== 404) throw new Error(`a page that is not there shows ${absent.status}`);
  say(`  http://${wallet}.localhost:${port}/ showed her page`);
  network.stopFronts();
}

/** A request by HTTP CONNECT, as a browser does it for https. */
function getThroughProxy(proxyPort, target) {
  return new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port: proxyPort, method: 'CONNECT', path: target })
      .on('connect', (answer, socket) => {
        if (answer.statusCode !== 200) {
          reject(new Error(`CONNECT is answered ${answer.statusCode}`));
          return;
        }
        let text = '';
        socket.setEncoding('utf8');
        socket.on('data', (more) => { text += more; });
        socket.on('end', () => resolve(text));
        socket.on('error', reject);
        socket.write(`GET / HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\n\r\n`);
      })
      .on('error', reject).end();
  });
}

async function showProxy(network) {
  const node = (await network.registeredNodes())[2];
  await network.installShipped('proxy', node);
  const server = http.createServer((request, response) => response.end('you found me'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = await network.startConet('bob', 'proxy', '--listen', '127.0.0.1:0', '--exit', node.wallet, '--json');
    const answer = await getThroughProxy(port, `127.0.0.1:${server.address().port}`);
    if (!answer.endsWith('you found me')) throw new Error(`through the proxy came: ${answer}`);
    say(`  curl --proxy socks5h://127.0.0.1:${port} would have done the same`);
  } finally {
    network.stopFronts();
    server.close();
  }
}

const wanted = options(process.argv.slice(2));
const network = new Network(wanted);
let stopping = false;
async function stop(code) {
  if (stopping) return;
  stopping = true;
  await network.stop();
  process.exit(code);
}
process.on('SIGINT', () => stop(130));
process.on('SIGTERM', () => stop(143));

try {
  await show(network);
  await network.writeEnvironments();
} catch (failure) {
  console.error(`devnet: ${failure.message}`);
  console.error(`devnet: logs are in ${DIRECTORY}`);
  await stop(1);
}
say('\nIt works. Try next' + (wanted.keep ? ', in another terminal:' : ' (first: distrib/devnet/run --keep):'));
for (const line of network.hints()) say(`  ${line}`);
if (wanted.keep) {
  say('\nThe network runs until Ctrl-C.');
} else {
  await stop(0);
}
