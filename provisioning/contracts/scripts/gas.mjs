// Measures each write call on a private chain with keys as clients make them, and writes gas.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { keccak256, namehash, toUtf8Bytes, Wallet, ZeroHash } from 'ethers'
import { prove } from '../js/keyproof.mjs'
import { CHAIN_ID, startChain } from '../test/support/chain.mjs'
import { newKey } from '../test/support/keys.mjs'
import { compile, compilerVersion, root, settings } from './compile.mjs'

const SAMPLES = 10 // proofs; their cost varies with the bits of the scalars
const DEADLINE = 1n << 40n
const BOND = 10n ** 17n
const TOLERANCE_PERCENT = 2n // proofs vary by some thousands
const BACKUP = 'A'.repeat(1600) // about what an encrypted private key takes

/** Fails when a call costs more than gas.md says, or when one is not in it. */
function check(measured, written) {
  const known = new Map([...written.matchAll(/^\| (.*?) \| ([\d,]+) \|$/gm)].map(([, name, gas]) => [name, BigInt(gas.replaceAll(',', ''))]))
  const dearer = measured.filter(([name, gas]) => !(BigInt(gas) * 100n <= (known.get(name) ?? 0n) * (100n + TOLERANCE_PERCENT)))
  if (dearer.length === 0 && known.size === measured.length) return
  console.error('gas.md is not what calls cost, run npm run gas:', dearer.map(([name, gas]) => `${name}: ${gas}, was ${known.get(name)}`))
  process.exitCode = 1
}

const chain = await startChain()
const { wallets } = chain
const rows = []
const record = async (name, sent) => {
  const { gasUsed } = await (await sent).wait()
  rows.push([name, gasUsed])
}
const artifact = (name) => JSON.parse(readFileSync(new URL(`out/${name}.json`, root), 'utf8'))
const hashOf = (text) => (text === '' ? ZeroHash : keccak256(toUtf8Bytes(text)))

try {
  const registry = await chain.deploy(artifact('NodeRegistry'), BOND)
  const table = await chain.deploy(artifact('RoutingTable'), await registry.getAddress())
  const [registryAt, tableAt] = [await registry.getAddress(), await table.getAddress()]
  const [relay, nodeA, nodeB, alice, bob] = wallets
  const proofFor = (key, contract, owner) => prove({ ...key, chainId: CHAIN_ID, contract, owner: owner.address })

  await record('deploy NodeRegistry', registry.deploymentTransaction())
  await record('deploy RoutingTable', table.deploymentTransaction())

  const keyA = await newKey(nodeA)
  const asA = registry.connect(nodeA)
  await record('NodeRegistry.registerNode',
    asA.registerNode(keyA.published, '192.0.2.1', 'Madrid.ES', proofFor(keyA, registryAt, nodeA), { value: BOND }))
  const keyB = await newKey(nodeB)
  const fields = ['address wallet', 'bytes32 pgpHash', 'bytes32 ipAddrHash', 'bytes32 regionNameHash',
    'bytes32 pgpKeyHash', 'uint256 nonce', 'uint256 deadline']
  const typed = (list) => list.map((f) => ({ type: f.split(' ')[0], name: f.split(' ')[1] }))
  const nodeSig = await nodeB.signTypedData(
    { name: 'ConetNodeRegistry', version: '1', chainId: CHAIN_ID, verifyingContract: registryAt },
    { RegisterNode: typed(fields) },
    { wallet: nodeB.address, pgpHash: hashOf(keyB.published), ipAddrHash: hashOf('192.0.2.2'),
      regionNameHash: hashOf('Madrid.ES'), pgpKeyHash: hashOf(keyB.keyId), nonce: 0, deadline: DEADLINE })
  await record('NodeRegistry.registerNodeBySig', registry.connect(relay).registerNodeBySig(nodeB.address,
    keyB.published, '192.0.2.2', 'Madrid.ES', proofFor(keyB, registryAt, nodeB), DEADLINE, nodeSig, { value: BOND }))
  await record('NodeRegistry.updateEndpoint', asA.updateEndpoint('node.example:8080', 'Oslo.NO'))

  const keyAlice = await newKey(alice)
  const asAlice = table.connect(alice)
  const proofAlice = proofFor(keyAlice, tableAt, alice)
  await record('RoutingTable.registerKey (no backup)',
    asAlice.registerKey(alice.address, keyAlice.keyId, keyAlice.published, '', keyA.keyId, proofAlice))
  const next = await newKey(alice)
  await record('RoutingTable.registerKey (another key, with backup)', asAlice.registerKey(alice.address, next.keyId,
    next.published, BACKUP, '', proofFor(next, tableAt, alice)))

  const keyBob = await newKey(bob)
  const domain = { name: 'AddressPGP', version: '1', chainId: CHAIN_ID, verifyingContract: tableAt }
  const addSig = await bob.signTypedData(domain,
    { AddPublicPGP: typed(['address to', 'bytes32 pgpKeyIDHash', 'bytes32 publicKeyArmoredHash',
      'bytes32 encrypKeyArmoredHash', 'bytes32 routePgpKeyIDHash', 'uint256 nonce', 'uint256 deadline']) },
    { to: bob.address, pgpKeyIDHash: hashOf(keyBob.keyId), publicKeyArmoredHash: hashOf(keyBob.published),
      encrypKeyArmoredHash: hashOf(BACKUP), routePgpKeyIDHash: hashOf(keyB.keyId), nonce: 0, deadline: DEADLINE })
  await record('RoutingTable.registerKeyBySig (with backup)', table.connect(relay).registerKeyBySig(bob.address,
    keyBob.keyId, keyBob.published, BACKUP, keyB.keyId, proofFor(keyBob, tableAt, bob), DEADLINE, addSig))
  await record('RoutingTable.setMyRoute', asAlice.setMyRoute(keyB.keyId))
  const routeSig = await alice.signTypedData(domain,
    { SetRoute: typed(['address to', 'bytes32 routePgpKeyIDHash', 'uint256 nonce', 'uint256 deadline']) },
    { to: alice.address, routePgpKeyIDHash: hashOf(keyA.keyId), nonce: 0, deadline: DEADLINE })
  await record('RoutingTable.setRouteBySig',
    table.connect(relay).setRouteBySig(alice.address, keyA.keyId, DEADLINE, routeSig))
  await record('RoutingTable.clearMyRoute', asAlice.clearMyRoute())

  const credit = await chain.deploy(artifact('CloudCredit'), registryAt, 100n * 10n ** 9n)
  const settlement = await chain.deploy(artifact('Settlement'), await credit.getAddress())
  const uptime = await chain.deploy(artifact('Uptime'), await credit.getAddress())
  const names = await chain.deploy(artifact('NameRegistry'), BOND)
  for (const [name, made] of Object.entries({ CloudCredit: credit, Settlement: settlement, Uptime: uptime, NameRegistry: names })) {
    await record(`deploy ${name}`, made.deploymentTransaction())
  }
  await record('NodeRegistry.setPrices', asA.setPrices([1, 1, 1, 1]))
  await record('NodeRegistry.setOwner', asA.setOwner(nodeA.address, relay.address))
  await record('CloudCredit.mint', credit.connect(relay).mint(nodeA.address, relay.address, 10n ** 11n, { value: 10n ** 18n }))
  const settlementAt = await settlement.getAddress()
  await record('CloudCredit.approve', credit.connect(relay).approve(settlementAt, 10n ** 11n))
  const payers = Array.from({ length: 50 }, (_, i) => new Wallet(keccak256(toUtf8Bytes(`payer ${i}`))))
  const voucherTypes = { Voucher: typed(['address payer', 'address payee', 'uint128 cumulative', 'bytes32 ledgerRoot']) }
  const settlementDomain = { name: 'ConetSettlement', version: '1', chainId: CHAIN_ID, verifyingContract: settlementAt }
  const voucher = async (payer, cumulative) => [payer.address, cumulative, ZeroHash, await payer.signTypedData(
    settlementDomain, voucherTypes, { payer: payer.address, payee: nodeA.address, cumulative, ledgerRoot: ZeroHash })]
  const batch = (count, cumulative) => Promise.all(payers.slice(0, count).map((payer) => voucher(payer, cumulative)))
  const deposit = (payer) => settlement.connect(relay).deposit(payer.address, nodeA.address, 1_000_000)
  await record('Settlement.deposit (first)', deposit(payers[0]))
  for (const payer of payers.slice(1)) await (await deposit(payer)).wait()
  await record('Settlement.deposit (again)', settlement.connect(relay).deposit(payers[0].address, nodeA.address, 1))
  let cumulative = 0
  for (const [count, when] of [[50, 'each its first'], [1, 'later'], [10, 'later'], [50, 'later']]) {
    await record(`Settlement.redeem, ${count} voucher${count === 1 ? '' : 's'}, ${when}`,
      settlement.connect(relay).redeem(nodeA.address, await batch(count, ++cumulative * 1000)))
  }
  await record('Settlement.requestExit', settlement.connect(relay).requestExit(nodeA.address, 5))
  await chain.provider.send('evm_increaseTime', [86_400])
  await record('Settlement.exit', settlement.connect(relay).exit(relay.address, nodeA.address))
  await (await credit.connect(relay).approve(await uptime.getAddress(), 1000)).wait()
  await record('Uptime.open', uptime.connect(relay).open(1, 2, 1000))
  const leaf = await uptime.leafOf(0, nodeA.address, 1, 10)
  await record('Uptime.post', uptime.connect(relay).post(0, leaf))
  await record('Uptime.claim', uptime.connect(relay).claim(0, nodeA.address, 1, 10, []))
  const secret = keccak256(toUtf8Bytes('secret'))
  await record('NameRegistry.commit', names.commit(await names.commitmentOf('alice', alice.address, secret)))
  await chain.provider.send('evm_increaseTime', [60])
  await record('NameRegistry.register', names.register('alice', alice.address, secret, { value: BOND }))
  await record('NameRegistry.setName', names.connect(alice).setName('alice.conet'))
  await record('NameRegistry.release', names.connect(alice).release(namehash('alice.conet'), alice.address))
  await record('CloudCredit.release', credit.connect(relay).release(nodeA.address, 10, 1, relay.address))

  await record('NodeRegistry.removeNode', asA.removeNode())

  const { abi, evm } = compile(['test/KeyProofHarness.sol']).KeyProofHarness
  const harness = await chain.deploy({ abi, bytecode: '0x' + evm.bytecode.object })
  const at = await harness.getAddress()
  const verify = []
  for (let i = 0; i < SAMPLES; i++) {
    verify.push(await harness.gasOfVerify(proofFor(await newKey(alice), at, alice), alice.address))
  }
  const compareBigint = (a, b) => (a < b ? -1 : 1)
  verify.sort(compareBigint)
  rows.push(['of which KeyProof.verify, least', verify[0]], ['of which KeyProof.verify, most', verify.at(-1)])

  const table_ = rows.map(([name, gas]) => `| ${name} | ${Number(gas).toLocaleString('en')} |`).join('\n')
  const text = `# Gas

Written by \`npm run gas\`: solc ${compilerVersion.split('+')[0]}, optimizer runs ${settings.optimizer.runs}, EVM ${settings.evmVersion}. Whole transactions as the receipt
says, with a public key of about ${keyA.published.length} characters and a backup of ${BACKUP.length}. Calls with a proof vary by some thousands.

| call | gas |
|---|---:|
${table_}
`
  if (process.argv.includes('--check')) check(rows, readFileSync(new URL('gas.md', root), 'utf8'))
  else writeFileSync(new URL('gas.md', root), text)
  console.log(text)
} finally {
  await chain.stop()
}
