// A client that is not ours - openpgp.js and ethers - against a real network of our nodes: registers, sends, listens,
// acknowledges. Run by: npm test. It says by its own means what each side must see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ethers } from 'ethers';
import * as openpgp from 'openpgp';
import { fromOpenpgpSubkey, prove } from '../../provisioning/contracts/js/keyproof.mjs';
import { Network, until } from './network.mjs';

const TABLE = [
  'function searchKey(address) view returns (string,string,string,string,bool)',
  'function pgpNonces(address) view returns (uint256)',
  'function getRouteKeyIDByUserPgpKeyID(string) view returns (string)',
];
const base64 = (text) => Buffer.from(text, 'utf8').toString('base64');
const now = () => Math.floor(Date.now() / 1000);

let network;
let nodes;
let table;

before(async () => {
  network = new Network({ port: 8081, rpcPort: 8546 });
  await network.startChain();
  await network.deploy();
  await network.startNodes();
  nodes = await network.registeredNodes();
  table = new ethers.Contract(network.contracts.routingTable, TABLE, new ethers.JsonRpcProvider(network.rpcUrl));
  const stranger = await makeUser();
  for (const entry of nodes) {
    for (const node of nodes.filter((other) => other !== entry)) {
      // Each has seen the registration of the other when a command finds its way.
      await until(`the way from ${entry.keyId} to ${node.keyId}`, async () => {
        const wallet = stranger.wallet.address.toLowerCase();
        const answer = await command(stranger, node, entry, {
          command: 'wallet_online_query', walletAddress: wallet, targetWallet: wallet, timestamp: now(),
          Securitykey: ethers.hexlify(ethers.randomBytes(16)) });
        return answer.status === 200;
      });
    }
  }
}, { timeout: 180_000 });

after(() => network?.stop());

async function nodeKey(node) {
  const answer = await network.rpc('eth_call', {
    to: network.contracts.nodeRegistry,
    data: new ethers.Interface(['function pgpKeyToPGP(string) view returns (string)'])
      .encodeFunctionData('pgpKeyToPGP', [node.keyId]),
  }, 'latest');
  const [pgp] = ethers.AbiCoder.defaultAbiCoder().decode(['string'], answer);
  return openpgp.readKey({ armoredKey: Buffer.from(pgp, 'base64').toString('utf8') });
}

async function seal(key, text, config = {}) {
  return openpgp.encrypt({
    message: await openpgp.createMessage({ text }),
    encryptionKeys: key,
    config: { preferredCompressionAlgorithm: openpgp.enums.compression.zlib, ...config },
  });
}

function post(node, data, signal) {
  return fetch(`http://${node.endpoint}/post`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data }),
    signal,
  });
}

async function makeUser() {
  const wallet = ethers.Wallet.createRandom();
  const { privateKey } = await openpgp.generateKey({
    type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name: wallet.address }], format: 'object',
  });
  return { wallet, key: privateKey, keyId: privateKey.subkeys[0].getKeyID().toHex().toUpperCase() };
}

/** A signed command, sealed to one node, posted through another. */
async function command(user, node, entry, members, signal) {
  const message = JSON.stringify(members);
  const signMessage = await user.wallet.signMessage(message);
  const sealed = await seal(await nodeKey(node), base64(JSON.stringify({ message, signMessage })));
  return post(entry, sealed, signal);
}

async function register(user, mailbox, entry) {
  const publicKeyArmored = base64(user.key.toPublic().armor());
  const deadline = now() + 600;
  const hash = (text) => ethers.id(text);
  const signature = await user.wallet.signTypedData(
    { name: 'AddressPGP', version: '1', chainId: network.chainId, verifyingContract: network.contracts.routingTable },
    { AddPublicPGP: [
      { name: 'to', type: 'address' }, { name: 'pgpKeyIDHash', type: 'bytes32' },
      { name: 'publicKeyArmoredHash', type: 'bytes32' }, { name: 'encrypKeyArmoredHash', type: 'bytes32' },
      { name: 'routePgpKeyIDHash', type: 'bytes32' }, { name: 'nonce', type: 'uint256' },
      { name: 'deadline', type: 'uint256' }] },
    { to: user.wallet.address, pgpKeyIDHash: hash(user.keyId), publicKeyArmoredHash: hash(publicKeyArmored),
      encrypKeyArmoredHash: hash(''), routePgpKeyIDHash: hash(mailbox.keyId),
      nonce: await table.pgpNonces(user.wallet.address), deadline });
  const proof = prove({ ...fromOpenpgpSubkey(user.key.subkeys[0]), chainId: network.chainId,
    contract: network.contracts.routingTable, owner: user.wallet.address });
  const word = (number) => ethers.toBeHex(number, 32);
  const response = await command(user, mailbox, entry, {
    command: 'route_register', walletAddress: user.wallet.address.toLowerCase(), timestamp: now(),
    routeKeyID: mailbox.keyId, deadline, signature,
    key: { keyID: user.keyId, publicKeyArmored, encrypKeyArmored: '',
      proof: { subkeyBody: proof.subkeyBody, keyX: word(proof.keyX), nonceX: word(proof.nonceX),
        nonceY: word(proof.nonceY), s: word(proof.s) } },
  });
  return response.json();
}

/** Reads a stream as clients do: blocks end with an empty line; `data:` is optional. */
async function* frames(response) {
  let text = '';
  for await (const bytes of response.body) {
    text += Buffer.from(bytes).toString('utf8');
    let end;
    while ((end = text.search(/\r?\n\r?\n/)) >= 0) {
      const block = text.slice(0, end);
      text = text.slice(end).replace(/^\r?\n\r?\n/, '');
      const body = block.split(/\r?\n/).map((line) => line.replace(/^data: ?/, '')).join('').trim();
      if (body && !body.startsWith(':')) yield JSON.parse(body);
    }
  }
}

async function listen(user, mailbox, entry) {
  const abort = new AbortController();
  const response = await command(user, mailbox, entry, {
    command: 'mining', listenKind: 'chat', walletAddress: user.wallet.address.toLowerCase(),
    algorithm: 'aes-256-cbc', Securitykey: ethers.hexlify(ethers.randomBytes(16)),
  }, abort.signal);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  const all = frames(response);
  return { next: async () => (await all.next()).value, close: () => abort.abort() };
}

async function nextMail(stream) {
  for (;;) {
    const frame = await stream.next();
    assert.ok(frame, 'the stream ended');
    if (frame.data) return frame.data;
  }
}

async function open(user, armoredMessage) {
  const { data } = await openpgp.decrypt({
    message: await openpgp.readMessage({ armoredMessage }), decryptionKeys: user.key });
  return data;
}

function acknowledge(user, mailbox, entry, armor) {
  return command(user, mailbox, entry, {
    command: 'gossip_delivery_ack', walletAddress: user.wallet.address.toLowerCase(),
    armorHash: ethers.id(armor), timestamp: now(),
  }).then((response) => response.json());
}

test('registers, receives live and stored mail in order, acknowledges, and is forgotten', { timeout: 120_000 }, async () => {
  const [a, b, c] = nodes;
  const bob = await makeUser();

  const registered = await register(bob, b, a);
  assert.equal(registered.ok, true, JSON.stringify(registered));
  const [keyId, armored, route] = await table.searchKey(bob.wallet.address);
  assert.deepEqual([keyId, route], [bob.keyId, b.keyId]);
  const bobKey = await openpgp.readKey({ armoredKey: Buffer.from(armored, 'base64').toString('utf8') });

  const live = await listen(bob, b, c);
  const greeting = await live.next();
  assert.equal(greeting.status, 200);
  assert.equal(ethers.verifyMessage(String(greeting.epoch), greeting.hash).toLowerCase(), greeting.nodeWallet);
  const first = await seal(bobKey, 'live');
  assert.equal((await post(a, first)).status, 200);
  const received = await nextMail(live);
  assert.equal(received, first);
  assert.equal(await open(bob, received), 'live');
  assert.deepEqual(await acknowledge(bob, b, a, received), { ok: true, removed: true });
  assert.deepEqual(await acknowledge(bob, b, c, received), { ok: true, removed: false });
  const beat = await live.next();
  assert.equal(ethers.verifyMessage(JSON.stringify({ epoch: beat.epoch, wallet: bob.wallet.address.toLowerCase() }), beat.hash)
    .toLowerCase(), beat.nodeWallet);
  assert.deepEqual([beat.nodeWallets, beat.userWallets], [[], []], 'no listener learns who else listens');
  assert.deepEqual(beat.transfer.map((sum) => sum.wallet), beat.transfer.length ? [beat.nodeWallet] : [],
    'what the node itself sent on in one sum, if anything, and nobody else');
  live.close();
  await sleep(300);

  const stored = [];
  for (const [entry, text] of [[a, 'one'], [c, 'two'], [b, 'three']]) {
    const armor = await seal(bobKey, text);
    assert.equal((await post(entry, armor)).status, 200);
    stored.push(armor);
  }
  const again = await post(a, stored[0]);
  assert.equal(again.status, 200, 'the same message through a second entry is accepted');
  const later = await listen(bob, b, a);
  for (const armor of stored) assert.equal(await nextMail(later), armor);
  later.close();
  await sleep(300);
  const unread = await listen(bob, b, c);
  for (const armor of stored) {
    assert.equal(await nextMail(unread), armor, 'what was not acknowledged comes again');
    assert.deepEqual(await acknowledge(bob, b, a, armor), { ok: true, removed: true });
  }
  unread.close();
});

test('an onion layer, mailbox work, and both OpenPGP formats find their way', { timeout: 60_000 }, async () => {
  const [a, b, c] = nodes;
  const dave = await makeUser();
  assert.equal((await register(dave, b, c)).ok, true);
  const stream = await listen(dave, b, a);
  await stream.next();
  const inner = (await seal(dave.key.toPublic(), 'through two')).trim();
  assert.equal((await post(c, await seal(await nodeKey(a), inner))).status, 200);
  assert.equal(await open(dave, await nextMail(stream)), 'through two');
  const quiet = (await seal(dave.key.toPublic(), 'quiet')).trim();
  assert.equal((await post(a, await seal(await nodeKey(b), JSON.stringify({ data: quiet, NoPush: true })))).status, 200);
  assert.equal(await open(dave, await nextMail(stream)), 'quiet');
  const plain = { preferredCompressionAlgorithm: openpgp.enums.compression.uncompressed };
  assert.equal((await post(c, await seal(await nodeKey(a), base64(inner), plain))).status, 200, 'a copy is accepted');
  stream.close();
});

test('refuses strangers, replays and nonsense', { timeout: 60_000 }, async () => {
  const [a, b] = nodes;
  const [eve, mallory] = [await makeUser(), await makeUser()];
  assert.equal((await post(a, await seal(eve.key.toPublic(), 'to nobody'))).status, 404);
  assert.equal((await post(a, 'no armor')).status, 404);
  assert.deepEqual(await acknowledge(eve, b, a, 'x'), { ok: false, error: 'not_my_route' });
  const forged = await command({ wallet: mallory.wallet }, b, a, {
    command: 'wallet_online_query', walletAddress: eve.wallet.address.toLowerCase(),
    targetWallet: eve.wallet.address.toLowerCase(), timestamp: now() });
  assert.equal(forged.status, 404, 'signed by another wallet');
  const stolen = await register({ ...mallory, key: eve.key, keyId: mallory.keyId }, b, a);
  assert.equal(stolen.ok, false, 'the key id is not that of the proven key');
  const message = JSON.stringify({ command: 'wallet_online_query', walletAddress: eve.wallet.address.toLowerCase(),
    targetWallet: eve.wallet.address.toLowerCase(), timestamp: now() });
  const sealed = await seal(await nodeKey(b),
    base64(JSON.stringify({ message, signMessage: await eve.wallet.signMessage(message) })));
  assert.equal((await post(a, sealed)).status, 200);
  assert.equal((await post(a, sealed)).status, 404, 'the same signed command a second time');
});
