// Money from end to end: wallets buy credits, take a name, write mail, call a service, use a proxy; three nodes earn. One is
// killed while it stores, the chain's server goes away, the chain takes blocks back. At the end every sum must agree, to the
// last nanocredit. Usage: money [--port N] [--rpc-port N]
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Network, until } from './network.mjs';

const MAIL_COUNT = 24;
const MAIL_BYTES = 20_000;
const PRICES_OF = '0x14e42014'; // pricesOf(address)
const PORTS = process.argv.slice(2);
const option = (name, standard) => (PORTS.includes(name) ? Number(PORTS[PORTS.indexOf(name) + 1]) : standard);

const network = new Network({ port: option('--port', 8080), rpcPort: option('--rpc-port', 8545) });
// Nothing is free, everything is written down at once, and vouchers are redeemed when the owner says so.
network.nodeSettings = [
  'metering.freeRelayMiB = 0', 'metering.freeStoredMiB = 0', 'metering.freeEgressMiB = 0', 'metering.recordSeconds = 2',
  'metering.settleSeconds = 604800', 'metering.statementSeconds = 20', 'metering.forwarderStep = 1',
];

const say = (line) => console.log(line);
const fail = (line) => { throw new Error(line); };
const agree = (what, one, other) => {
  if (one !== other) fail(`${what}: ${one} and ${other} do not agree`);
  say(`  ${what}: ${one}`);
};
const json = async (wallet, ...words) => JSON.parse(await network.conet(wallet, ...words, '--json'));

let nodes;
const status = (wallet, index) => json(wallet, 'account', 'show', '--node', nodes[index].wallet);
const earnings = (index, ...words) => json('alice', 'earnings', '--node', nodes[index].wallet, ...words);

async function pay(wallet, index, credits) {
  return until(`${wallet}'s deposit, a few blocks deep`, async () => {
    const result = await network.tryConet(wallet, 'account', 'pay', '--node', nodes[index].wallet, credits);
    if (result.code !== 0 && !result.err.includes('voucher_uncovered')) fail(`account pay: ${result.err}`);
    return result.code === 0;
  });
}

async function begin() {
  say('1. A chain, three nodes that charge from the first byte, three wallets');
  await network.startChain();
  await network.deploy();
  for (const name of ['alice', 'bob', 'carol']) await network.makeWallet(name);
  await network.startNodes();
  nodes = await network.registeredNodes();
  await network.register('alice', 0);
  await network.register('bob', 1);
  await network.register('carol', 2);
  await until('the owner, named by the nodes', async () => {
    const result = await network.tryConet('alice', 'credit', 'mint', '--node', nodes[2].wallet, '0.000000001');
    return !result.err.includes('not the owner');
  });
}

async function buy() {
  say('2. Alice, who owns the nodes, makes credits against a bond; bob and carol get some, and carol a name');
  for (const name of ['alice', 'bob', 'carol']) await network.fund(name, 10);
  await network.conet('alice', 'credit', 'mint', '--node', nodes[0].wallet, '--bond', '1', '100');
  await network.conet('alice', 'credit', 'send', network.wallets.bob, '20');
  await network.conet('alice', 'credit', 'send', network.wallets.carol, '20');
  const name = network.conet('carol', 'name', 'register', 'carol.conet', '--json');
  await sleep(8000);
  await network.rpc('evm_increaseTime', 60); // a minute must pass between the two steps
  await name;
  const shown = await json('bob', 'name', 'show', 'carol.conet');
  if (shown.wallet !== network.wallets.carol.toLowerCase()) fail(`carol.conet is ${shown.wallet}`);
}

async function mail() {
  say('3. Mail to bob is refused until he has credit, then taken; the entry node earns its share');
  const refused = await network.tryConet('alice', 'send', network.wallets.bob, 'no credit yet');
  if (refused.code !== 5 || !refused.err.includes('402')) fail(`mail without credit: ${refused.err}`);
  // Node b pays those that forward to it out of what its owner set aside.
  for (const index of [0, 2]) {
    await network.conet('alice', 'account', 'deposit', '--node', nodes[index].wallet, '--payer', nodes[1].wallet, '1');
  }
  for (const index of [1, 2]) await network.conet('bob', 'account', 'deposit', '--node', nodes[index].wallet, '2');
  await network.conet('carol', 'account', 'deposit', '--node', nodes[2].wallet, '2');
  await pay('bob', 1, '0.5');
  await network.conet('alice', 'send', network.wallets.bob, 'now you have some');
}

/** Sends at the same time as the node is killed, again and again until each is taken: the mailbox knows what it has. */
async function killed() {
  say('4. The node that keeps bob\'s mail is killed while it stores, and started again');
  const text = randomBytes(MAIL_BYTES / 2).toString('hex');
  const send = async (number) => {
    for (;;) {
      const result = await network.tryConet('alice', 'send', network.wallets.bob, `${number} ${text}`);
      if (result.code === 0) return;
      if (result.code !== 4 && result.code !== 5) fail(`send: ${result.err}`);
      await sleep(300);
    }
  };
  const sent = [];
  const queue = Array.from({ length: MAIL_COUNT }, (_, number) => number);
  const sender = async () => {
    while (queue.length) await send(queue.shift());
  };
  for (let i = 0; i < 3; i++) sent.push(sender());
  await sleep(4000);
  await network.killNode(1);
  await sleep(500);
  await network.restartNode(1);
  await Promise.all(sent);
}

async function outage() {
  say('5. The chain\'s server goes away: mail goes on, a voucher is refused and nothing of it is kept');
  const before = await status('bob', 1);
  await network.pauseChain();
  const unreachable = await network.tryConet('bob', 'account', 'pay', '--node', nodes[1].wallet, '0.1');
  if (unreachable.code === 0) fail('a voucher was taken without the chain');
  await network.resumeChain();
  await until('the chain again', async () => (await network.tryConet('bob', 'online', network.wallets.carol)).code === 0);
  const after = await until('the node, with the chain again', async () => {
    const result = await network.tryConet('bob', 'account', 'show', '--node', nodes[1].wallet, '--json');
    return result.code === 0 && JSON.parse(result.out);
  });
  agree('promised before and after', after.promised, before.promised);
}

async function services() {
  say('6. Bob calls a service that costs something, and uses the proxy, both on node c');
  const echo = await network.makeService('echo', 'wat');
  const manifest = path.join(echo, 'service.json');
  const made = JSON.parse(readFileSync(manifest, 'utf8'));
  writeFileSync(manifest, JSON.stringify({ ...made, price: { call: 500, megafuel: 10 } }));
  await network.conet('alice', 'service', 'pack', '--directory', echo);
  await network.conet('alice', 'service', 'install', '--node', nodes[2].wallet, path.join(echo, 'echo-1.0.0.conet'));
  await network.installShipped('proxy', nodes[2]);
  const unpaid = await network.tryConet('bob', 'service', 'call', '--node', nodes[2].wallet, 'echo', 'hello');
  if (unpaid.code !== 5 || !unpaid.err.includes('payment_required')) fail(`a call without credit: ${unpaid.err}`);
  await pay('bob', 2, '0.25');
  for (let i = 0; i < 3; i++) {
    const said = await network.conet('bob', 'service', 'call', '--node', nodes[2].wallet, 'echo', 'hello');
    if (said !== 'hello') fail(`the service said ${said}`);
  }
  const body = 'y'.repeat(200_000);
  const server = http.createServer((request, response) => response.end(body));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = await network.startConet('bob', 'proxy', '--listen', '127.0.0.1:0', '--exit', nodes[2].wallet, '--json');
    const got = await throughProxy(port, `127.0.0.1:${server.address().port}`);
    if (!got.endsWith(body)) fail(`through the proxy came ${got.length} bytes`);
  } finally {
    network.stopFronts();
    server.close();
  }
  await until('the proxy\'s bytes in the ledger', async () => (await earnings(2)).units.egressBytes > body.length);
}

function throughProxy(proxyPort, target) {
  return new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port: proxyPort, method: 'CONNECT', path: target })
      .on('connect', (answer, socket) => {
        let text = '';
        socket.setEncoding('latin1').on('data', (more) => { text += more; }).on('end', () => resolve(text)).on('error', reject);
        socket.write(`GET / HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\n\r\n`);
      })
      .on('error', reject).end();
  });
}

async function settle() {
  say('7. The owner has node b redeem; the chain takes that block back, and it is redeemed once all the same');
  const snapshot = await network.rpc('evm_snapshot');
  const redeeming = network.tryConet('alice', 'earnings', '--node', nodes[1].wallet, '--settle', '--json');
  await until('the payment in a block', async () => BigInt(await network.channelRedeemed(network.wallets.bob, nodes[1].wallet)) > 0n);
  await network.rpc('evm_revert', snapshot);
  if (BigInt(await network.channelRedeemed(network.wallets.bob, nodes[1].wallet)) !== 0n) fail('the chain took nothing back');
  const first = await redeeming;
  if (first.code !== 0) fail(`earnings --settle: ${first.err}`);
  for (const index of [0, 1, 2]) await earnings(index, '--settle');
}

/** Node b gives vouchers for what it owes, and those nodes redeem them too. */
async function forwarders() {
  say('8. Node b pays the nodes that carried mail to it');
  await until('vouchers for all that is owed', async () => (await earnings(1)).owedTo.every((each) => each.owed === each.given));
  for (const index of [0, 2]) await earnings(index, '--settle');
}

async function statement() {
  say('9. A statement came to alice, as sealed mail, signed by the node');
  const got = await network.conet('alice', 'listen', '--json', '--count', '1', '--timeout', '60');
  const last = JSON.parse(got).text.trim().split('\n').at(-1);
  const told = JSON.parse(last);
  if (!told.signature || !nodes.some((node) => node.wallet.toLowerCase() === told.node)) fail(`no statement: ${last}`);
  say(`  of node ${told.node}: earned ${told.earned}, acknowledged ${told.acknowledged}, settled ${told.settled}`);
}

/** What a node asks for stands on the chain, where anybody can compare nodes. */
async function pricesOnChain(index) {
  const answer = await network.rpc('eth_call',
    { to: network.contracts.nodeRegistry, data: PRICES_OF + nodes[index].wallet.slice(2).toLowerCase().padStart(64, '0') }, 'latest');
  const [relayMiB, storedMiBDay, gigafuel, egressMiB] = answer.slice(2).match(/.{64}/g).map((word) => Number(BigInt('0x' + word)));
  return JSON.stringify({ relayMiB, storedMiBDay, gigafuel, egressMiB });
}

async function reconcile() {
  say('10. Every sum');
  for (const index of [0, 1, 2]) {
    const { relayMiB, storedMiBDay, gigafuel, egressMiB } = (await status('bob', index)).prices;
    agree(`node ${'abc'[index]}: prices asked for and on the chain`, JSON.stringify({ relayMiB, storedMiBDay, gigafuel, egressMiB }),
      await pricesOnChain(index));
  }
  const told = [];
  for (const index of [0, 1, 2]) told.push(await earnings(index));
  const bob = [null, await status('bob', 1), await status('bob', 2)];
  agree('node b: what bob was charged = its own share + that of others', bob[1].charged, told[1].earned + told[1].owed);
  const given = (index) => told[1].owedTo.find((each) => each.node === nodes[index].wallet.toLowerCase())?.given ?? 0;
  agree('node c: what bob was charged, and what node b gave it = earned', bob[2].charged + given(2), told[2].earned + told[2].owed);
  agree('node a: what node b gave it = earned', given(0), told[0].earned);
  agree('what node b owes = what it gave', told[1].owed, given(0) + given(2));
  if (told[1].owed === 0) fail('no entry node earned anything');
  agree('node b: shares of others, each', told[1].owedTo.reduce((sum, each) => sum + each.owed, 0), told[1].owed);
  agree('bob at node b: granted + promised - charged = balance',
    bob[1].granted + bob[1].promised - bob[1].charged, bob[1].balance);
  agree('node b: acknowledged = settled', told[1].acknowledged, told[1].settled);
  agree('node c: acknowledged = settled', told[2].acknowledged, told[2].settled);
  const settled = told.reduce((sum, each) => sum + each.settled, 0);
  const [alice, bobs, carols] = await Promise.all(['alice', 'bob', 'carol'].map((name) => network.credits(name)));
  const contract = await network.creditsOf(network.contracts.settlement);
  agree('node a: acknowledged = settled', told[0].acknowledged, told[0].settled);
  agree('deposits = settled + what channels hold', 8_000_000_000, settled + contract);
  agree('all wallets, the contract and what was made', alice + bobs + carols + contract, 100_000_000_000);
  agree('alice: what was left of hers + what was settled', alice, 58_000_000_000 + settled);
  const stored = Number(told[1].units.relayBytes);
  if (stored < MAIL_COUNT * MAIL_BYTES / 10) fail(`node b stored only ${stored} bytes`);
  const listened = await network.tryConet('bob', 'listen', '--json', '--count', String(MAIL_COUNT + 1), '--timeout', '60');
  const numbers = new Set(listened.out.split('\n').filter(Boolean).map((line) => JSON.parse(line).text.split(' ')[0]));
  for (let number = 0; number < MAIL_COUNT; number++) {
    if (!numbers.has(`${number}`)) fail(`message ${number}, which node b took, was lost`);
  }
  say(`  all ${MAIL_COUNT} messages around the kill are there`);
}

let code = 0;
try {
  for (const step of [begin, buy, mail, killed, outage, services, settle, forwarders, statement, reconcile]) await step();
  say('\nEvery sum agrees to the last unit.');
} catch (failure) {
  console.error(`money: ${failure.message}`);
  code = 1;
}
await network.stop();
process.exit(code);
