// The committed bytecode on a real chain process, called through ethers with keys made by openpgp.js.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { Interface, keccak256, toUtf8Bytes, TypedDataEncoder, verifyTypedData, Wallet, ZeroHash } from 'ethers'
import { CHAIN_ID, startChain } from '../support/chain.mjs'
import { newKey } from '../support/keys.mjs'
import { prove, publicKeyOf, subkeyBody } from '../../js/keyproof.mjs'
import { compile, contractNames, root } from '../../scripts/compile.mjs'

const json = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
const artifacts = Object.fromEntries(contractNames.map((name) => [name, json(`out/${name}.json`)]))
const vectors = json('vectors/keyproof.json')
const hashOf = (text) => (text === '' ? ZeroHash : keccak256(toUtf8Bytes(text)))

const SET_ROUTE = { SetRoute: [['to', 'address'], ['routePgpKeyIDHash', 'bytes32'], ['nonce', 'uint256'],
  ['deadline', 'uint256']].map(([name, type]) => ({ name, type })) }
const ADD_PUBLIC_PGP = { AddPublicPGP: [['to', 'address'], ['pgpKeyIDHash', 'bytes32'],
  ['publicKeyArmoredHash', 'bytes32'], ['encrypKeyArmoredHash', 'bytes32'], ['routePgpKeyIDHash', 'bytes32'],
  ['nonce', 'uint256'], ['deadline', 'uint256']].map(([name, type]) => ({ name, type })) }
const DEADLINE = 1n << 40n

let chain, registry, table, harness
before(async () => {
  chain = await startChain()
  registry = await chain.deploy(artifacts.NodeRegistry, 0)
  table = await chain.deploy(artifacts.RoutingTable, await registry.getAddress())
  const { abi, evm } = compile(['test/KeyProofHarness.sol']).KeyProofHarness
  harness = await chain.deploy({ abi, bytecode: '0x' + evm.bytecode.object })
})
after(() => chain.stop())

/** Calls verify as if the harness stood at `contract`; -> the key id or the name of the error. */
async function verifyAt(contract, proof, owner) {
  const code = await chain.provider.getCode(harness)
  const data = harness.interface.encodeFunctionData('verify', [proof, owner])
  try {
    const out = await chain.provider.send('eth_call', [{ to: contract, data }, 'latest', { [contract]: { code } }])
    return harness.interface.decodeFunctionResult('verify', out)[0]
  } catch (e) {
    return harness.interface.parseError(e.error?.data ?? e.info?.error?.data).name
  }
}

for (const vector of vectors.valid) {
  test(`accepts the vector "${vector.name}", and the prover makes it`, async () => {
    const body = Buffer.from(vector.body.slice(2), 'hex')
    const made = prove({ ...vector, body, scalar: BigInt(vector.privateScalar), nonceScalar: BigInt(vector.nonceScalar) })
    for (const field of ['keyX', 'nonceX', 'nonceY', 's']) assert.equal(made[field], BigInt(vector.proof[field]))
    assert.equal(made.subkeyBody, vector.proof.subkeyBody)
    assert.equal(await verifyAt(vector.contract, vector.proof, vector.owner), vector.keyId)
  })
}

for (const vector of vectors.invalid) {
  test(`refuses the vector "${vector.name}" with ${vector.error}`, async () => {
    assert.equal(await verifyAt(vector.contract, vector.proof, vector.owner), vector.error)
  })
}

test('sha1 agrees with node:crypto at random lengths', async () => {
  for (let i = 0; i < 60; i++) {
    const data = randomBytes(Math.floor(Math.random() * 300))
    const expected = '0x' + createHash('sha1').update(data).digest('hex')
    assert.equal(await harness.sha1Of(data), expected, data.toString('hex'))
  }
})

test('keeps the selectors, topics and type hashes existing nodes and clients use', async () => {
  const selectors = {
    NodeRegistry: {
      'getAllNodes(uint256,uint256)': '0x4272c81e', 'getPGPKeyIPaddress(string)': '0x49b87baf',
      'IP2PGP(string)': '0x4ca98b83', 'ipaddress2owner(string)': '0x49559572',
    },
    RoutingTable: {
      'getRouteKeyIDByAddress(address)': '0xe1432f92', 'getRouteKeyIDByUserPgpKeyID(string)': '0xcccad292',
      'getUserByPgpKeyID(string)': '0x06f2e886', 'nodeKeyExists(bytes32)': '0x361675a7',
      'nodeKeyHash2Wallet(bytes32)': '0x9acc1d8f', 'nodeWallet2KeyHash(address)': '0xe5f4aecb',
      'pgpNonces(address)': '0x064c92df', 'routerNonces(address)': '0xd41da02c', 'searchKey(address)': '0x052f2778',
      'setMyRoute(string)': '0x5f23745b', 'setRouteBySig(address,string,uint256,bytes)': '0xba69b649',
      'userRouteHash(address)': '0xc689ffa0',
    },
  }
  for (const [name, expected] of Object.entries(selectors)) {
    const abi = new Interface(artifacts[name].abi)
    for (const [signature, selector] of Object.entries(expected)) {
      assert.equal(abi.getFunction(signature).selector, selector, signature)
    }
  }
  const abi = new Interface(artifacts.RoutingTable.abi)
  assert.equal(abi.getEvent('PGPKeySet').topicHash, '0xa6c3e9098ba3d836571c25656cdd0424abf663ed12dd91fde0adabe236606315')
  assert.equal(abi.getEvent('RouteSet').topicHash, '0x6640810bdca11ee609b9c36628028b5a5746ae570277ba5424024e3881bb08eb')
  assert.equal(abi.getEvent('RouteCleared').topicHash, '0xf13e05d9cb53ed68362bc7ee84fb0c6c651d6493c29a2a2847c4926aeed3258b')
  assert.equal(await table.ADD_PUBLIC_PGP_TYPEHASH(), '0xc98d517cb37fb3eab77327dddf22bf0cb64d077712ca88ad4eabde5087f52ac5')
  assert.equal(await table.SET_ROUTE_TYPEHASH(), '0x737af4a5e830e54da14cb4d0812b0c59d261aabdf1634c0702fae3bba249397d')
})

test('returns exactly the types existing callers decode', () => {
  const outputs = (name, fn) => new Interface(artifacts[name].abi).getFunction(fn).outputs.map((o) => o.format('sighash')).join()
  assert.equal(outputs('NodeRegistry', 'getAllNodes'), '(uint256,string,string,string,string)[]')
  assert.equal(outputs('NodeRegistry', 'IP2PGP'), 'string,string')
  assert.equal(outputs('RoutingTable', 'searchKey'), 'string,string,string,string,bool')
  const names = new Interface(artifacts.NodeRegistry.abi).getFunction('getAllNodes').outputs[0].arrayChildren.components
  assert.deepEqual(names.map((c) => c.name), ['id', 'PGP', 'PGPKey', 'ip_addr', 'regionName'])
})

test('has no function by which an owner or admin could act', () => {
  const writes = (name) => artifacts[name].abi
    .filter((f) => f.type === 'function' && !['view', 'pure'].includes(f.stateMutability)).map((f) => f.name).sort()
  assert.deepEqual(writes('NodeRegistry'), ['registerNode', 'registerNodeBySig', 'removeNode', 'returnBond', 'setOwner',
    'setPrices', 'updateEndpoint'])
  assert.deepEqual(writes('CloudCredit'), ['approve', 'mint', 'permit', 'redeemAbandoned', 'release', 'transfer', 'transferFrom'])
  assert.deepEqual(writes('Settlement'), ['deposit', 'depositWithPermit', 'exit', 'redeem', 'requestExit'])
  assert.deepEqual(writes('Uptime'), ['claim', 'close', 'open', 'post'])
  assert.deepEqual(writes('NameRegistry'), ['commit', 'register', 'release', 'setAddr', 'setName', 'setOwner', 'setText'])
  assert.deepEqual(writes('RoutingTable'),
    ['clearMyRoute', 'registerKey', 'registerKeyBySig', 'setMyRoute', 'setRouteBySig'])
})

test('the SetRoute digest is that of the existing domain, and the existing signature fits it', async () => {
  const domain = { name: 'AddressPGP', version: '1', chainId: 224422, verifyingContract: '0x684b0ac760cEE9c9b85de36d69746420648Cf9e2' }
  const value = {
    to: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf', nonce: 0, deadline: 1800000000,
    routePgpKeyIDHash: '0x5a28abdb3256a214460a5fc874a3ba1eb0656377cdc20861ca47a4756e9806b3',
  }
  const signature = '0x4bd91aaf3a260a756f53539c0152834cbc451666fe40ec52864b85f1894ca364144fe138004111e51912bdb3e2bfe4c1fced3c82b97739ca98a2e94deb898ed51b'
  assert.equal(hashOf('B3F7E3EFF3B1C5ED'), value.routePgpKeyIDHash)
  assert.equal(TypedDataEncoder.hash(domain, SET_ROUTE, value), '0x67ddb7724b54ffedbd243830664760e11ace74c28f17529449cce7d80fdd7e05')
  assert.equal(verifyTypedData(domain, SET_ROUTE, value, signature), value.to)
  const own = await table.eip712Domain()
  assert.deepEqual([own.name, own.version, own.chainId, own.verifyingContract],
    ['AddressPGP', '1', BigInt(CHAIN_ID), await table.getAddress()])
})

test('the contract itself recovers the signer of the vector at the vector\'s address', async () => {
  const { provider } = chain
  const at = '0x684b0ac760cEE9c9b85de36d69746420648Cf9e2'
  const to = '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf'
  await provider.send('anvil_setCode', [at, await provider.getCode(table)])
  const there = table.attach(at)
  const signature = '0x4bd91aaf3a260a756f53539c0152834cbc451666fe40ec52864b85f1894ca364144fe138004111e51912bdb3e2bfe4c1fced3c82b97739ca98a2e94deb898ed51b'
  // With the signature accepted, the next refusal is that this wallet has no key yet.
  const refusal = (deadline) => there.setRouteBySig.staticCall(to, 'B3F7E3EFF3B1C5ED', deadline, signature)
    .then(() => 'none', (e) => there.interface.parseError(e.data).name)
  assert.equal(await refusal(1_800_000_000), 'UnknownUser')
  assert.equal(await refusal(1_800_000_001), 'SignerIsNotWallet')
})

test('a node and two users with openpgp.js keys: entered, found, routed, moved', async () => {
  const [relay, nodeWallet, otherNode, user] = chain.wallets
  const [registryAt, tableAt] = [await registry.getAddress(), await table.getAddress()]
  const [nodeKey, otherKey, userKey] = await Promise.all([nodeWallet, otherNode, user].map(newKey))
  const proofOf = (key, contract, owner) => prove({ ...key, chainId: CHAIN_ID, contract, owner: owner.address })

  const entering = registry.connect(nodeWallet).registerNode(nodeKey.published, '192.0.2.1', 'Madrid.ES', proofOf(nodeKey, registryAt, nodeWallet))
  await (await entering).wait()
  await (await registry.connect(otherNode).registerNode(otherKey.published, 'n.example:8080', 'Oslo.NO', proofOf(otherKey, registryAt, otherNode))).wait()
  const page = await registry.getAllNodes(0, 100)
  assert.deepEqual(page.map((n) => n.toArray()), [
    [100n, nodeKey.published, nodeKey.keyId, '192.0.2.1', 'Madrid.ES'],
    [101n, otherKey.published, otherKey.keyId, 'n.example:8080', 'Oslo.NO'],
  ])

  const domain = { name: 'AddressPGP', version: '1', chainId: CHAIN_ID, verifyingContract: tableAt }
  const signature = await user.signTypedData(domain, ADD_PUBLIC_PGP, {
    to: user.address, pgpKeyIDHash: hashOf(userKey.keyId), publicKeyArmoredHash: hashOf(userKey.published),
    encrypKeyArmoredHash: keccak256('0x'), routePgpKeyIDHash: hashOf(nodeKey.keyId), nonce: 0, deadline: DEADLINE,
  })
  const proof = proofOf(userKey, tableAt, user)
  await (await table.connect(relay).registerKeyBySig(user.address, userKey.keyId, userKey.published, '', nodeKey.keyId, proof, DEADLINE, signature)).wait()
  assert.deepEqual((await table.searchKey(user.address)).toArray(),
    [userKey.keyId, userKey.published, nodeKey.keyId, nodeKey.published, false])
  assert.equal(await table.getRouteKeyIDByUserPgpKeyID(userKey.keyId), nodeKey.keyId)

  const moved = await user.signTypedData(domain, SET_ROUTE,
    { to: user.address, routePgpKeyIDHash: hashOf(otherKey.keyId), nonce: 0, deadline: DEADLINE })
  await (await table.connect(relay).setRouteBySig(user.address, otherKey.keyId, DEADLINE, moved)).wait()
  assert.equal(await table.getRouteKeyIDByAddress(user.address), otherKey.keyId)

  await assert.rejects(table.connect(relay).registerKey.staticCall(relay.address, userKey.keyId, 'x', '', '', proof),
    (e) => table.interface.parseError(e.data).name === 'KeyIdTaken')
  await assert.rejects(table.getRouteKeyIDByUserPgpKeyID('0000000000000000'), /user not found/)
})

test('a page of 100 nodes with the longest texts allowed fits a node\'s usual eth_call', async () => {
  const fresh = await chain.deploy(artifacts.NodeRegistry, 0)
  const at = await fresh.getAddress()
  const text = 'A'.repeat(8192)
  for (let i = 0; i < 100; i++) {
    const wallet = Wallet.createRandom(chain.provider)
    await chain.provider.send('anvil_setBalance', [wallet.address, '0xde0b6b3a7640000'])
    const scalar = (1n << 254n) + 8n * BigInt(i + 1)
    const body = subkeyBody(publicKeyOf(scalar), i)
    const proof = prove({ body, scalar, chainId: CHAIN_ID, contract: at, owner: wallet.address })
    const host = `${i}.` + 'h'.repeat(255 - `${i}.`.length)
    await (await fresh.connect(wallet).registerNode(text, host, 'r'.repeat(64), proof, { gasLimit: 5_000_000 })).wait()
  }
  await assert.rejects(fresh.getAllNodes(0, 100, { gasLimit: 1_000_000 })) // the limit is enforced
  const page = await fresh.getAllNodes(0, 100, { gasLimit: 25_000_000 })
  assert.equal(page.length, 100)
  assert.equal(page[99].PGP, text)
})
