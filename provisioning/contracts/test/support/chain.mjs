// A private chain for tests and gas figures, at the EVM version the contracts are compiled for.
import { spawn } from 'node:child_process'
import { ContractFactory, HDNodeWallet, JsonRpcProvider, Mnemonic } from 'ethers'

const PHRASE = 'test test test test test test test test test test test junk'
export const CHAIN_ID = 224422

/** Starts anvil, which npm puts in the path of its scripts -> {provider, wallets, deploy, stop}. */
export async function startChain() {
  const args = ['--port', '0', '--chain-id', String(CHAIN_ID), '--hardfork', 'paris', '--mnemonic', PHRASE,
    '--timestamp', '1700000000']
  const child = spawn('anvil', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise((resolve, reject) => {
    let seen = ''
    child.stdout.on('data', (chunk) => {
      seen += chunk
      const found = /Listening on (\S+)/.exec(seen)
      if (found) resolve(`http://${found[1]}`)
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`anvil ended with ${code}: ${seen}`)))
  })
  const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1 })
  const mnemonic = Mnemonic.fromPhrase(PHRASE)
  const wallets = Array.from({ length: 8 }, (_, i) =>
    HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${i}`).connect(provider))

  async function deploy({ abi, bytecode }, ...args) {
    const contract = await new ContractFactory(abi, bytecode, wallets[0]).deploy(...args)
    await contract.waitForDeployment()
    return contract
  }

  async function stop() {
    provider.destroy()
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await ended
  }

  return { provider, wallets, deploy, stop }
}
