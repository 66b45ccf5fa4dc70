// Measures each write call on a private chain with keys as clients make them, and writes gas.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { keccak256, toUtf8Bytes, ZeroHash } from 'ethers'
import { prove } from '../js/keyproof.mjs'
import { CHAIN_ID, startChain } from '../test/support/chain.mjs'
import { newKey } from '../test/support/keys.mjs'
import { compile, compilerVersion, root, settings } from './compile.mjs'

const SAMPLES = 10 // proofs; their cost varies with the bits of the scalars
const DEADLINE = 1n << 40n
const BACKUP = 'A'.repeat(1600) // about what an encrypted private key takes
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
  const registry = await chain.deploy(artifact('NodeRegistry'))
  const table = await chain.deploy(artifact('RoutingTable'), await registry.getAddress())
  const [registryAt, tableAt] = [await registry.getAddress(), await table.getAddress()]
  const [relay, nodeA, nodeB, alice, bob] = wallets
  const proofFor = (key, contract, owner) => prove({ ...key, chainId: CHAIN_ID, contract, owner: owner.address })

  await record('deploy NodeRegistry', registry.deploymentTransaction())
  await record('deploy RoutingTable', table.deploymentTransaction())

  const keyA = await newKey(nodeA)
  const asA = registry.connect(nodeA)
  await record('NodeRegistry.registerNode',
    asA.registerNode(keyA.published, '192.0.2.1', 'Madrid.ES', proofFor(keyA, registryAt, nodeA)))
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
    keyB.published, '192.0.2.2', 'Madrid.ES', proofFor(keyB, registryAt, nodeB), DEADLINE, nodeSig))
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
  writeFileSync(new URL('gas.md', root), text)
  console.log(text)
} finally {
  await chain.stop()
}
