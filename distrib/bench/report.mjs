// The table. What is met is said by the measured median alone; what is not measured here is said to be so.
const KIB = 1024;

function sorted(values) {
  return [...values].sort((a, b) => a - b);
}

export function median(values) {
  const inOrder = sorted(values);
  const middle = inOrder.length >> 1;
  return inOrder.length % 2 ? inOrder[middle] : (inOrder[middle - 1] + inOrder[middle]) / 2;
}

function percentile(values, share) {
  const inOrder = sorted(values);
  return inOrder[Math.min(inOrder.length - 1, Math.ceil(share * inOrder.length) - 1)];
}

function number(value, digits = Number.isInteger(value) ? 0 : value < 0.1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0) {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Median, and the range when there are several. */
function spread(values, digits) {
  if (values.length === 1) return number(values[0], digits);
  const inOrder = sorted(values);
  return `${number(median(values), digits)} (${number(inOrder[0], digits)}-${number(inOrder.at(-1), digits)})`;
}

function verdict(isMet) {
  return isMet ? 'met' : '**not met**';
}

class Table {
  constructor(...heads) {
    this.lines = [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`];
  }

  row(...cells) {
    this.lines.push(`| ${cells.join(' | ')} |`);
  }

  toString() {
    return `${this.lines.join('\n')}\n`;
  }
}

function relayFigures(results, subject, kib, isKept) {
  return results.relay.filter((run) => run.subject === subject && run.kib === kib && run.isKept === isKept);
}

function relayTargets(results, table) {
  const targets = [[1, 0.10, '<= 0.10 ms CPU a message (reference 1.7-2.4); dream: <= 2x haproxy'],
    [64, 1, '<= 1 ms CPU a message (reference 11.5-14)']];
  for (const [kib, limit, target] of targets) {
    for (const isKept of [false, true]) {
      const millis = relayFigures(results, 'CONET Edge', kib, isKept).map((run) => run.millis);
      const beside = ['net.pipe', 'haproxy'].map((name) => {
        const peer = relayFigures(results, name, kib, isKept).map((run) => run.millis);
        if (!peer.length) return `${name}: not installed, left out`;
        return `${name} ${spread(peer)} ms, node = ${number(median(millis) / median(peer), 1)}x`;
      }).join('; ');
      const both = relayFigures(results, 'CONET Edge, both compilers', kib, isKept).map((run) => run.millis);
      table.row(`relay ${kib} KiB, ${isKept ? 'connections kept' : 'a connection a message'}`, target,
        `${spread(millis)} ms; both compilers ${spread(both)} ms`, beside, verdict(median(millis) <= limit));
    }
  }
}

function relayRates(results) {
  const names = ['CONET Edge', 'CONET Edge, both compilers', 'net.pipe', 'haproxy'];
  const table = new Table('messages/s, 16 at a time, one client', ...names);
  for (const kib of [1, 64]) {
    for (const isKept of [false, true]) {
      const cells = names.map((name) => {
        const runs = relayFigures(results, name, kib, isKept).map((run) => run.perSecond);
        return runs.length ? spread(runs, 0) : '-';
      });
      table.row(`${kib} KiB, ${isKept ? 'connections kept' : 'a connection a message'}`, ...cells);
    }
  }
  return `${table}\nClient, subject and sink share the cores: the rate says what this machine carries, CPU a message `
    + 'what the subject costs. The target of >= 20x the messages/s of the reference node was not measured: it is not '
    + 'here to run.\n';
}

function latencyTargets(results, table) {
  const p50 = results.latency.map((round) => percentile(round.delivered, 0.5));
  const p99 = results.latency.map((round) => percentile(round.delivered, 0.99));
  const answered = results.latency.map((round) => percentile(round.answered, 0.99));
  table.row('latency entry -> mailbox -> live listener, 1 KiB, 100 msg/s', 'p99 <= commit window (100 ms) + 5 ms',
    `p50 ${spread(p50, 0)} ms, p99 ${spread(p99, 0)} ms`,
    `the sender's 200: p99 ${spread(answered, 0)} ms; reference p50 7, p99 118 ms at 5 msg/s (design figure)`,
    verdict(median(p99) <= 105));
}

function footprintTargets(results, table) {
  const mib = (kib) => kib / KIB;
  if (results.starts) {
    const seconds = results.starts.map((millis) => millis / 1000);
    table.row('start: launch to the first 200', '<= 2.5 s here', `${spread(seconds)} s`, '-',
      verdict(median(seconds) <= 2.5));
  }
  const both = ({ a, b }) => `entry ${number(mib(a), 1)}, mailbox ${number(mib(b), 1)} MiB`;
  table.row('RSS idle', '<= 80 MiB', both(results.idle), 'reference 85 MB idle (design figure)',
    verdict(mib(Math.max(results.idle.a, results.idle.b)) <= 80));
  if (results.withMail) {
    table.row('RSS with mail', '<= 96 MiB with mail, OpenPGP and Wasm at work (no Wasm yet)', both(results.withMail),
      'reference 478 MB peak (design figure)',
      verdict(mib(Math.max(results.withMail.a, results.withMail.b)) <= 96));
  }
  const messages = results.status.a.counters.messages_forwarded + results.status.b.counters.messages_stored;
  table.row('log lines at level info, after the start', '0 a message',
    `${results.linesLogged} in ${number(messages)} messages`, 'reference 1-3 kB a message (design figure)',
    verdict(results.linesLogged === 0));
}

function mail(results) {
  const table = new Table('entry A -> mailbox B, stored before 200', '1 KiB', '64 KiB');
  const row = (name, key, unit) =>
    table.row(name, ...[1, 64].map((kib) => `${number(results.mail[kib][key])}${unit}`));
  row('CPU of A a message', 'entryMillis', ' ms');
  row('CPU of B a message', 'mailboxMillis', ' ms');
  row('messages at a time', 'atOnce', '');
  row('messages/s', 'perSecond', '');
  row('503 and posted again', 'busy', '');
  row('messages/s, 16 at a time', 'perSecondOf16', '');
  return table.toString();
}

function steps(results) {
  const table = new Table('one step in a loop, CPU us', 'as the node runs (C1 only)', 'both compilers');
  for (const [name, micros] of Object.entries(results.steps)) {
    table.row(name, number(micros), number(results.stepsOfBothCompilers[name]));
  }
  return `${table}${results.relay ? knownParts(results) : ''}`;
}

/** How much of a forwarded message the single steps explain. */
function knownParts(results) {
  const parts = [1, 64].map((kib) => {
    const micros = ['read body and key id', 'hash', 'write body'].map((step) => results.steps[`${step}, ${kib} KiB`])
      .concat(results.steps['hop signature: sign'], results.steps['hop header: write']);
    const all = median(relayFigures(results, 'CONET Edge', kib, true).map((run) => run.millis));
    const known = micros.reduce((sum, one) => sum + one, 0) / 1000;
    return `${kib} KiB ${number(known)} of ${number(all)} ms`;
  });
  const total = Object.values(results.threads).reduce((sum, millis) => sum + millis, 0);
  const threads = Object.entries(results.threads).sort(([, a], [, b]) => b - a).slice(0, 5)
    .map(([name, millis]) => `${name} ${number(millis * 100 / total, 0)} %`);
  return '\nReading, hashing, writing, signing and the header together, connections kept: '
    + `${parts.join(', ')}; the rest is sockets, copying, garbage collection and compiling. CPU of A by thread, `
    + `warm-up included: ${threads.join(', ')}.\n`;
}

function counted(results) {
  const one = (name) => {
    const { counters, refused } = results.status[name];
    const refusals = Object.entries(refused).filter(([, count]) => count > 0).map(([why, count]) => `${why} ${count}`);
    return `${name.toUpperCase()}: ${['messages_forwarded', 'messages_stored', 'messages_delivered', 'storage_forces']
      .map((counter) => `${counter} ${counters[counter]}`).join(', ')}; refused: ${refusals.join(', ') || 'nothing'}`;
  };
  return `What the nodes counted themselves - ${one('a')}. ${one('b')}.\n`;
}

/** The page, from what was measured; parts that were not are left out. */
export function report(results, counts, isSmoke) {
  const { machine } = results;
  const table = new Table('what', 'target', 'measured', 'beside it in the same run', '');
  if (results.relay) relayTargets(results, table);
  if (results.latency) latencyTargets(results, table);
  if (results.idle) footprintTargets(results, table);
  const parts = [
    '# Measured', '',
    isSmoke ? '**A smoke run with tiny counts: the figures mean nothing.**\n' : '',
    `${machine.date}; ${machine.cpu}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}; ${machine.java}; Node `
    + `${machine.node} for client, sink and net.pipe. Load average at begin and end: `
    + `${results.loads.map((load) => number(load, 1)).join(', ')}, on a shared virtual machine: times and rates are `
    + `noisy, counts are not. Median of ${counts.rounds} rounds (least-most). Written by \`run\`; do not edit.`, '',
    `The node's JVM options: \`${machine.options.join(' ')}\`.`, '', table.toString(),
  ];
  if (results.relay) parts.push('## Relay rates', '', relayRates(results));
  if (results.mail) parts.push('## Mail', '', mail(results));
  if (results.steps) parts.push('## Why: the steps alone', '', steps(results));
  if (results.status) parts.push(counted(results));
  return `${parts.join('\n').replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}
