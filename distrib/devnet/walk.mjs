// Walks through pages of the documentation: runs their commands in one shell, compares what they print with the page.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../..');
const INDENT = '    ';
const KEPT_RUNNING = 'distrib/devnet/run --keep';
const START_SECONDS = 600;
const COMMAND_SECONDS = 300;

/** The commands of a page, each with the lines that it is to print. Examples without a command are not run. */
export function steps(markdown) {
  const found = [];
  let current = null;
  markdown.split('\n').forEach((line, index) => {
    if (!line.startsWith(INDENT)) {
      current = null;
      return;
    }
    const text = line.slice(INDENT.length);
    if (text.startsWith('$ ')) {
      current = { line: index + 1, command: text.slice(2), expected: [] };
      found.push(current);
    } else if (current && /^>( |$)/.test(text)) {
      current.command += `\n${text.slice(2)}`;
    } else if (current) {
      current.expected.push(text);
    }
  });
  return found;
}

/** Whether lines are as expected: "..." stands for anything in a line, and alone for any lines. */
export function agrees(expected, lines) {
  if (expected.length === 0) return lines.length === 0;
  if (expected[0] === '...') {
    for (let skipped = 0; skipped <= lines.length; skipped++) {
      if (agrees(expected.slice(1), lines.slice(skipped))) return true;
    }
    return false;
  }
  if (lines.length === 0) return false;
  const pattern = expected[0].split('...').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`).test(lines[0]) && agrees(expected.slice(1), lines.slice(1));
}

class Shell {
  constructor() {
    this.child = spawn('bash', ['--noprofile', '--norc'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    this.out = '';
    this.child.stdout.on('data', (bytes) => { this.out += bytes; this.wake?.(); });
    this.child.on('close', () => { this.isEnded = true; this.wake?.(); });
    this.child.stdin.write('exec 2>&1\n');
  }

  /** Runs a command; its output and status. */
  async run(command) {
    const marker = `--walked-${Math.random().toString(36).slice(2)}--`;
    const pattern = new RegExp(`${marker} (\\d+)\\n`);
    this.out = '';
    this.child.stdin.write(`${command}\nprintf '\\n%s %d\\n' '${marker}' $?\n`);
    const deadline = Date.now() + COMMAND_SECONDS * 1000;
    for (;;) {
      const end = pattern.exec(this.out);
      if (end) return { status: Number(end[1]), lines: this.out.slice(0, end.index).replace(/\n+$/, '').split('\n').filter(Boolean) };
      if (this.isEnded) throw new Error(`the shell ended; it printed: ${this.out}`);
      if (Date.now() > deadline) throw new Error(`no end within ${COMMAND_SECONDS} s; it printed: ${this.out}`);
      await new Promise((resolve) => { this.wake = resolve; setTimeout(resolve, 1000); });
    }
  }

  /** Ends it, and what it left running. */
  stop() {
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch (gone) {
      if (gone.code !== 'ESRCH') throw gone;
    }
  }
}

function startNetwork() {
  const child = spawn(path.join(ROOT, 'distrib/devnet/run'), ['--keep'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let out = '';
    const timer = setTimeout(() => { child.kill('SIGTERM'); reject(new Error(`the network did not start: ${out}`)); }, START_SECONDS * 1000);
    child.stdout.on('data', (bytes) => {
      out += bytes;
      if (out.includes('runs until Ctrl-C')) {
        clearTimeout(timer);
        resolve(child);
      }
    });
    child.on('close', (code) => reject(new Error(`the network ended with ${code}: ${out}`)));
  });
}

async function walk(page, work) {
  const shell = new Shell();
  let done = 0;
  try {
    await shell.run(`export WORK='${work}'`);
    for (const { line, command, expected } of steps(readFileSync(page, 'utf8'))) {
      if (command === KEPT_RUNNING) continue; // it runs
      const begin = Date.now();
      const { status, lines } = await shell.run(command);
      if (status !== 0 || !agrees(expected, lines)) {
        throw new Error(`${page} line ${line}: ${command}\nended with ${status} and printed\n  ${lines.join('\n  ')}\nexpected\n  ${expected.join('\n  ')}`);
      }
      console.log(`  line ${line}, ${((Date.now() - begin) / 1000).toFixed(1)} s: ${command.split('\n')[0]}`);
      done++;
    }
  } finally {
    shell.stop();
  }
  if (done === 0) throw new Error(`${page} has no command`);
  return done;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const work = mkdtempSync(path.join(os.tmpdir(), 'conet-walk-'));
  let network;
  let passed = 0;
  try {
    network = await startNetwork();
    for (const page of process.argv.slice(2)) {
      console.log(page);
      passed += await walk(page, work);
    }
    console.log(`${passed} commands did what the pages say`);
  } catch (failure) {
    console.error(`walk: ${failure.message}`);
    process.exitCode = 1;
  } finally {
    if (network && network.exitCode === null) {
      network.removeAllListeners('close');
      network.kill('SIGTERM');
      await new Promise((resolve) => network.on('close', resolve));
    }
    rmSync(work, { recursive: true, force: true });
  }
}
