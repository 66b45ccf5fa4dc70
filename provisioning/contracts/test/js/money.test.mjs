// Names, vouchers and permits as other software makes and reads them: ethers, unchanged.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { EnsPlugin, JsonRpcProvider, keccak256, namehash, Network, Signature, toUtf8Bytes, Wallet, ZeroHash } from 'ethers'
import { CHAIN_ID, startChain } from '../support/chain.mjs'
import { newKey } from '../support/keys.mjs'
import { prove } from '../../js/keyproof.mjs'
import { contractNames, root } from '../../scripts/compile.mjs'

const json = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
const artifacts = Object.fromEntries(contractNames.map((name) => [name, json(`out/${name}.json`)]))
const VOUCHER = { Voucher: [['payer', 'address'], ['payee', 'address'], ['cumulative', 'uint128'], ['ledgerRoot', 'bytes32']]
  .map(([name, type]) => ({ name, type })) }
const SECRET = keccak256(toUtf8Bytes('secret'))
const DEPOSIT = 10n ** 16n

let chain, registry, credit, settlement, names
before(async () => {
  chain = await startChain()
  registry = await chain.deploy(artifacts.NodeRegistry, 0)
  credit = await chain.deploy(artifacts.CloudCredit, await registry.getAddress(), 100n * 10n ** 9n)
  settlement = await chain.deploy(artifacts.Settlement, await credit.getAddress())
  names = await chain.deploy(artifacts.NameRegistry, DEPOSIT)
  const node = chain.wallets[1]
  const key = await newKey(node)
  const contract = await registry.getAddress()
  await (await registry.connect(node).registerNode(key.published, '192.0.2.1', 'Oslo.NO',
    prove({ ...key, chainId: CHAIN_ID, contract, owner: node.address }))).wait()
  await (await registry.connect(node).setOwner(node.address, chain.wallets[2].address)).wait()
})
after(() => chain.stop())

test('ethers resolves our names, forward and back, when it is told the contract as its ENS', async () => {
  const alice = chain.wallets[3]
  await (await names.commit(await names.commitmentOf('alice', alice.address, SECRET))).wait()
  await chain.provider.send('evm_increaseTime', [60])
  await (await names.register('alice', alice.address, SECRET, { value: DEPOSIT })).wait()
  await (await names.connect(alice).setName('alice.conet')).wait()

  const network = new Network('a network', CHAIN_ID)
  network.attachPlugin(new EnsPlugin(await names.getAddress(), CHAIN_ID))
  const provider = new JsonRpcProvider(chain.provider._getConnection().url, network, { staticNetwork: network })
  try {
    assert.equal(await provider.resolveName('alice.conet'), alice.address)
    assert.equal(await provider.lookupAddress(alice.address), 'alice.conet')
    assert.equal(await provider.resolveName('nobody.conet'), null)
    assert.equal(await provider.lookupAddress(chain.wallets[4].address), null)
    // A wallet that claims somebody else's name is not believed.
    await (await names.connect(chain.wallets[4]).setName('alice.conet')).wait()
    assert.equal(await provider.lookupAddress(chain.wallets[4].address), null)
  } finally {
    provider.destroy()
  }
})

test('nodes of names are those of EIP-137', async () => {
  assert.equal(await names.ROOT_NODE(), namehash('conet'))
  assert.equal(await names.REVERSE_NODE(), namehash('addr.reverse'))
  const wallet = chain.wallets[5].address
  assert.equal(await names.reverseNodeOf(wallet), namehash(`${wallet.slice(2).toLowerCase()}.addr.reverse`))
})

test('a deposit with a permit and a voucher, both signed by ethers, pay the owner of the node', async () => {
  const [, node, owner, alice] = chain.wallets
  await (await credit.connect(owner).mint(node.address, alice.address, 10n ** 9n, { value: 10n ** 16n })).wait()
  const deadline = 1n << 40n
  const settlementAt = await settlement.getAddress()
  const permit = Signature.from(await alice.signTypedData(
    { name: 'CONET Cloud Credit', version: '1', chainId: CHAIN_ID, verifyingContract: await credit.getAddress() },
    { Permit: ['address owner', 'address spender', 'uint256 value', 'uint256 nonce', 'uint256 deadline']
      .map((field) => field.split(' ')).map(([type, name]) => ({ type, name })) },
    { owner: alice.address, spender: settlementAt, value: 1000, nonce: 0, deadline }))
  await (await settlement.connect(alice).depositWithPermit(alice.address, node.address, 1000, deadline, permit.v, permit.r, permit.s)).wait()

  const value = { payer: alice.address, payee: node.address, cumulative: 400, ledgerRoot: ZeroHash }
  const domain = { name: 'ConetSettlement', version: '1', chainId: CHAIN_ID, verifyingContract: settlementAt }
  const signature = await alice.signTypedData(domain, VOUCHER, value)
  await (await settlement.redeem(node.address, [[alice.address, 400, ZeroHash, signature]])).wait()
  assert.equal(await credit.balanceOf(owner.address), 400n)
  assert.deepEqual([...await settlement.channel(alice.address, node.address)], [600n, 400n, 0n, 0n])
})

test('the vectors are what wallets sign', async () => {
  for (const vector of json('vectors/voucher.json')) {
    const domain = { name: 'ConetSettlement', version: '1', chainId: vector.chainId, verifyingContract: vector.settlement }
    const { payer, payee, cumulative, ledgerRoot } = vector
    assert.equal(await new Wallet(vector.payerKey).signTypedData(domain, VOUCHER, { payer, payee, cumulative, ledgerRoot }),
      vector.signature, vector.name)
  }
})
