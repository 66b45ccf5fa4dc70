// Writes out/*.json; with --check, fails unless that is what stands there already.
import { readFileSync, writeFileSync } from 'node:fs'
import { compile, compilerVersion, contractNames, root, settings } from './compile.mjs'

const DEPLOYED_BYTES_MAX = 24576 // EIP-170
const contracts = compile(contractNames.map((name) => `src/${name}.sol`))
let failed = false

for (const contractName of contractNames) {
  const { abi, evm } = contracts[contractName]
  const deployed = evm.deployedBytecode.object
  const text = JSON.stringify({
    contractName,
    compiler: { version: compilerVersion, settings },
    abi,
    bytecode: '0x' + evm.bytecode.object,
    deployedBytecode: '0x' + deployed, // immutables still zero
    immutableReferences: evm.deployedBytecode.immutableReferences,
  }, null, 2) + '\n'

  const file = new URL(`out/${contractName}.json`, root)
  if (deployed.length / 2 > DEPLOYED_BYTES_MAX) throw new Error(`${contractName} is too large to deploy`)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text)
    console.log(`out/${contractName}.json: ${deployed.length / 2} bytes deployed`)
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`out/${contractName}.json is not what the sources compile to: run npm run build`)
    failed = true
  }
}
process.exit(failed ? 1 : 0)
