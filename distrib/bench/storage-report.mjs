// The page and the plot of the stores. What is met is said by the figure alone.
const KIB = 1024;
const MIB = 1024 * KIB;
export const NAMES = {
  ours: 'CONET Edge', sqlite: 'SQLite', mvstore: 'H2 MVStore', rocksdb: 'RocksDB', files: 'a file a mailbox',
};
const STORES = Object.keys(NAMES);

function number(value, digits = value < 10 ? 2 : value < 100 ? 1 : 0) {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** What a message cost: at the block device where there was one of our own. */
function bytesOf(figures) {
  return figures.deviceBytes ?? figures.handedBytes;
}

function cost(figures) {
  const flushes = figures.flushes === undefined ? 'not counted' : number(figures.flushes, 2);
  return `${number(bytesOf(figures), 0)} B, ${flushes}`;
}

function table(heads, rows, align = '---:') {
  return [heads, heads.map((head, i) => (i ? align : '---')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`).join('\n').concat('\n');
}

function cell(row, text) {
  if (!row) return '-';
  return row.failure ? `left out: ${row.failure}` : text(row);
}

function groupTables({ rows }) {
  const sizes = [...new Set(rows.map((row) => row.bytes))];
  const of = (store, bytes, size, kind) => cell(
    rows.find((row) => row.store === store && row.bytes === bytes),
    (row) => cost(row.groups.find((group) => group.size === size)[kind]));
  const one = (kind) => table(['message, group', ...STORES.map((store) => NAMES[store])],
    sizes.flatMap((bytes) => [1, 2, 11].map((size) => [
      `${bytes / KIB} KiB, ${size === 1 ? 'lone' : `groups of ${size}`}`,
      ...STORES.map((store) => of(store, bytes, size, kind))])));
  const fresh = table(['message, lone, while files are new', ...STORES.map((store) => NAMES[store])],
    sizes.map((bytes) => [`${bytes / KIB} KiB`, ...STORES.map((store) => cell(
      rows.find((row) => row.store === store && row.bytes === bytes), (row) => cost(row.fresh)))]));
  return ['## Groups', '',
    'Bytes and flushes a message. Every message is acknowledged when 20 have come after it; the acknowledgement rides '
    + 'with a later group. The state after much use: our files were filled before.', '', one('acknowledged'),
    'Messages that nobody has acknowledged yet, so nothing rides with them:', '', one('alone'),
    'The first so many messages of a new store. Ours fills each of its files with zeros once, before its first use; '
    + 'that is in here and is not paid again:', '', fresh];
}

function arrivalTable({ rows }) {
  const mounts = [...new Set(rows.map((row) => row.mount))];
  const rates = [...new Set(rows.map((row) => row.aSecond))];
  const lines = mounts.flatMap((mount) => rates.map((rate) => {
    const found = STORES.map((store) =>
      rows.find((row) => row.store === store && row.mount === mount && row.aSecond === rate));
    const group = found.find((row) => row?.groupSize)?.groupSize;
    return [`${rate} a second, ${group ? number(group, 1) : '-'} a group; ${mount ?? 'directory'}`,
      ...found.map((row) => cell(row, cost))];
  }));
  return ['## In real time', '',
    'Bytes and flushes a message of 1 KiB that comes by chance, at so many a second; a group is what comes within '
    + '100 ms of its first message; each message is acknowledged when 20 have come after it. By mount '
    + 'options of the ext4 below.',
    '', table(['arrivals', ...STORES.map((store) => NAMES[store])], lines)];
}

function crowdOf(rows, store, count, windowMillis) {
  return rows.find((row) => row.store === store && row.senders === count && row.windowMillis === windowMillis);
}

function senderTable({ rows }) {
  const cases = [[1, 0, '1 sender'], [32, 0, '32 senders, group: what came while the last one was written'],
    [32, 100, '32 senders, group: all of them']];
  const lines = cases.map(([count, windowMillis, name]) => [name, ...STORES.map((store) =>
    cell(crowdOf(rows, store, count, windowMillis), (row) => `${cost(row)}; ${number(row.perSecond, 0)}/s`))]);
  return ['## As fast as they can', '',
    'Bytes and flushes a message of 1 KiB, and messages a second; each sender sends when its last message is stored.',
    '', table(['senders', ...STORES.map((store) => NAMES[store])], lines)];
}

function fillOf(part, store, messages) {
  return part.rows.find((row) => row.store === store && row.messages === messages);
}

function fillTables({ rows }) {
  const fills = [...new Set(rows.map((row) => row.messages))];
  const operation = (figures) => `${number(figures.medianMicros, 0)} us, CPU ${number(figures.cpuMicros, 0)} us`;
  const parts = ['## Full mailboxes', '',
    'The store is filled (1,000 mailboxes), closed, opened by another process, measured there, killed with SIGKILL and '
    + 'opened by a third, which counts every mailbox. Each message is stored and acknowledged alone; listing reads the '
    + '20 oldest of a mailbox. Time is the median of one operation, CPU the mean, all threads together. Our files are '
    + 'new here, so what storing and acknowledging wrote includes filling them once. Between the processes the file '
    + 'system forgets what it holds in memory; the image below it stays there.', '',
    'Opening: a killed store was open before, so it has put in order what its first opening found; RocksDB reads '
    + 'its whole log then. SQLite and a file a mailbox read next to nothing until they are asked for a message. More than '
    + '200,000 messages are measured with 96 MiB of direct memory, as operating tells, all stores alike.', ''];
  for (const messages of fills) {
    const bytes = rows.find((row) => row.messages === messages).bytes;
    const lines = [
      ['store', (row) => operation(row.filled.store)],
      ['', (row) => cost(row.filled.store)],
      ['acknowledge', (row) => operation(row.filled.acknowledge)],
      ['', (row) => cost(row.filled.acknowledge)],
      ['list', (row) => (messages ? operation(row.filled.list) : '-')],
      ['open after a clean stop', (row) => `${number(row.filled.openMillis, 0)} ms`],
      ['open after SIGKILL', (row) => `${number(row.reopen.openMillis, 0)} ms`],
      ['heap after GC, above the JVM\'s', ({ filled }) =>
        `${number(Math.max(0, filled.heapKiB - filled.heapBeforeKiB) / KIB, 1)} MiB`],
      ['VmRSS; above the JVM\'s', ({ filled }) => `${number(filled.residentKiB / KIB, 0)} MiB; `
        + `${number((filled.residentKiB - filled.residentBeforeKiB) / KIB, 1)} MiB`],
      ['on disk', (row) => `${number(row.fill.storedBytes / MIB, 0)} MiB`],
    ].map(([name, text]) => [name, ...STORES.map((store) => cell(fillOf({ rows }, store, messages), text))]);
    parts.push(table([`${number(messages, 0)} messages of ${bytes} B`, ...STORES.map((store) => NAMES[store])], lines));
  }
  return parts;
}

function targets(found) {
  const rows = [];
  const add = (what, target, measured, peers, isMet) =>
    rows.push([what, target, measured, peers, isMet ? 'met' : '**not met**']);
  const best = (text, figures) => {
    const known = figures.filter(([, value]) => value !== undefined).sort(([, a], [, b]) => a - b);
    return known.length ? `${NAMES[known[0][0]]} ${text(known[0][1])}` : '-';
  };
  const peers = STORES.slice(1);
  const group = (store, kib, size, kind) => found.groups.rows
    .find((row) => row.store === store && row.bytes === kib * KIB)?.groups?.find((one) => one.size === size)[kind];
  const bytes = (value) => `${number(value, 0)} B`;
  for (const [kib, size, kind, limit] of [[1, 1, 'alone', 4117], [1, 1, 'acknowledged', 4117], [1, 11, 'alone', 1150],
    [1, 11, 'acknowledged', 1150], [16, 1, 'alone', 20_600], [16, 11, 'alone', 16_900]]) {
    const ours = group('ours', kib, size, kind);
    const one = kib === 1 && size === 1;
    add(`${size === 1 ? 'lone' : 'groups of 11,'} ${kib} KiB${kind === 'alone' ? '' : ', acknowledgements with them'}`,
      `<= ${bytes(limit)}${one ? ', one flush' : ''}`, cost(ours),
      best(bytes, peers.map((store) => [store, bytesOf(group(store, kib, size, kind) ?? {})])),
      bytesOf(ours) <= limit && (!one || !(ours.flushes > 1.005)));
  }
  const crowd = (store) => crowdOf(found.senders.rows, store, 32, 100) ?? {};
  const ours = crowd('ours');
  add('32 senders, 1 KiB', '<= 1.2 bytes a payload byte, <= 0.05 flushes',
    `${number(bytesOf(ours) / KIB, 2)}; ${ours.flushes === undefined ? 'not counted' : number(ours.flushes, 3)}`,
    best((value) => number(value, 2), peers.map((store) => [store, bytesOf(crowd(store)) / KIB || undefined])),
    bytesOf(ours) / KIB <= 1.2 && !(ours.flushes > 0.05));
  const slow = (store) => found.arrivals.rows.filter((row) => row.store === store && row.aSecond === 1).at(-1) ?? {};
  add(`1 a second, 1 KiB, ${slow('ours').mount ?? 'directory'}`, '<= 4,300 B', cost(slow('ours')),
    best(bytes, peers.map((store) => [store, bytesOf(slow(store))])), bytesOf(slow('ours')) <= 4300);
  const full = fillOf(found.filled, 'ours', 100_000);
  const opens = (name) => best((value) => `${number(value, 0)} ms`,
    peers.map((store) => [store, fillOf(found.filled, store, 100_000)?.[name]?.openMillis]));
  add('open after a clean stop, 100k of 1 KiB', '<= 500 ms', `${number(full.filled.openMillis, 0)} ms`, opens('filled'),
    full.filled.openMillis <= 500);
  const limit = 2500 * full.fill.storedBytes / 100e6;
  add('open after SIGKILL, 100k of 1 KiB', '<= 2.5 s a 100 MB', `${number(full.reopen.openMillis, 0)} ms`,
    opens('reopen'), full.reopen.openMillis <= limit);
  const heap = (store) => {
    const filled = fillOf(found.filled, store, 100_000)?.filled;
    return filled && Math.max(0, filled.heapKiB - filled.heapBeforeKiB) * KIB / 1e6;
  };
  add('heap for 100k messages', '<= 3 MB', `${number(heap('ours'), 1)} MB`,
    best((value) => `${number(value, 1)} MB (what lies outside the heap not counted)`,
      peers.map((store) => [store, heap(store)])),
    heap('ours') <= 3);
  const empty = fillOf(found.filled, 'ours', 0).filled;
  const most = fillOf(found.filled, 'ours', 1_000_000).filled;
  for (const [what, name] of [['storing', 'store'], ['acknowledging', 'acknowledge']]) {
    const growth = (one) => one && one[1][name].cpuMicros / one[0][name].cpuMicros;
    const both = (store) => {
      const pair = [0, 1_000_000].map((messages) => fillOf(found.filled, store, messages)?.filled);
      return pair.every(Boolean) && pair;
    };
    add(`${what} at 1M messages, CPU`, 'as at none (here: <= 1.5x)', `${number(growth([empty, most]), 2)}x`,
      best((value) => `${number(value, 2)}x`, peers.map((store) => [store, growth(both(store)) || undefined])),
      growth([empty, most]) <= 1.5);
  }
  return table(['what', 'target', 'measured', 'best peer', ''], rows, '---');
}

/** The page; parts that were not measured are left out. */
export function page(found, isSmoke) {
  const parts = Object.entries(found);
  const { cpu, memoryGiB, kernel, java, options, versions, whyNoDisks } = parts[0][1];
  const said = parts.map(([name, { date, revision, loads }]) =>
    `${name} ${date} at ${revision}, ${loads.map((load) => number(load, 1)).join(' to ')}`);
  const counted = whyNoDisks === null
    ? 'Bytes and flushes are the block device\'s own counts: each store lay alone on an ext4 of a loop device, journal '
      + 'and inodes included, and what the file system still held back was written before each reading.'
    : `**No block device of our own (${whyNoDisks}): bytes are those handed to the system in write calls, and flushes `
      + 'are not counted. The file system\'s share is missing for all of them.**';
  const isWhole = ['groups', 'senders', 'arrivals', 'filled'].every((part) => found[part]);
  return `${[
    '# Storage, measured', '',
    isSmoke ? '**A smoke run with tiny counts: the figures mean nothing.**\n' : '',
    `${cpu}, ${memoryGiB} GiB, Linux ${kernel}; ${java}; parts and load average: ${said.join('; ')}. Times are noisy where `
    + 'others use the machine, counts are not. Written by `distrib/bench/storage`; do not edit.', '',
    counted, '',
    `Beside ours: SQLite (JDBC ${versions.sqlite}; WAL, synchronous FULL, one transaction a group), H2 MVStore `
    + `${versions.mvstore} (commit and sync a group), RocksDB ${versions.rocksdb} (a batch a group, synced), and one `
    + 'file a mailbox (append and fsync; an acknowledgement writes the file anew). All other settings are their '
    + 'makers\' defaults; all get the same messages in the same groups and acknowledge in the same transaction. They may find a '
    + 'message by a small number, ours has to by its hash. RocksDB keeps 64 MiB in memory before it writes a table: in '
    + 'the shorter cases what it will write a second time is not in its figures.', '',
    `Each case ran in a JVM of its own with the node's options: \`${options.join(' ')}\`.`, '',
    ...(isWhole && !isSmoke
      ? ['![Bytes a message by store](storage-measured.svg)', '', '## Targets', '', targets(found)] : []),
    ...(found.arrivals ? arrivalTable(found.arrivals) : []),
    ...(found.groups ? groupTables(found.groups) : []),
    ...(found.senders ? senderTable(found.senders) : []),
    ...(found.filled ? fillTables(found.filled) : []),
  ].join('\n').replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}
