// Compiles Solidity with the compiler from npm and the fixed settings, whatever else is on the machine.
import { readFileSync } from 'node:fs'
import solc from 'solc'

/** Those that are deployed, in the order in which they can be. */
export const contractNames = ['NodeRegistry', 'RoutingTable', 'NameRegistry', 'CloudCredit', 'Settlement', 'Uptime']

export const root = new URL('../', import.meta.url)

/** evmVersion paris: no opcode newer than the merge, so the code runs on chains that upgrade late. */
export const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'paris',
  metadata: { bytecodeHash: 'none' },
}

const read = (path) => readFileSync(new URL(path, root), 'utf8')

/** Paths below the project -> {contractName: {abi, evm}} of all of them. */
export function compile(paths) {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(paths.map((path) => [path, { content: read(path) }])),
    settings: { ...settings, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode'] } } },
  }
  const find = (path) => ({ contents: read(path.startsWith('@') ? `node_modules/${path}` : path) })
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find }))
  const messages = output.errors ?? []
  if (messages.length > 0) throw new Error(messages.map((m) => m.formattedMessage).join('\n'))
  return Object.assign({}, ...paths.map((path) => output.contracts[path]))
}

export const compilerVersion = solc.version()
