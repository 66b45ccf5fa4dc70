// Bars on a log scale, as plain SVG that is readable on a light and on a dark page.
const WIDTH = 960;
const HEIGHT = 440;
const LEFT = 64;
const TOP = 76;
const BOTTOM = HEIGHT - 58;
const KIB = 1024;
const COLOURS = { ours: '#1f6feb', sqlite: '#bf8700', mvstore: '#2da44e', rocksdb: '#cf4a3f', files: '#8b949e' };
const STYLE = `
  .page { fill: #ffffff } .line { stroke: #d0d7de } .limit { stroke: #57606a; stroke-dasharray: 4 3 }
  text { font: 12px system-ui, sans-serif; fill: #24292f } .small { font-size: 10px }
  .title { font-size: 15px; font-weight: 600 } .ours { font-weight: 700 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .line { stroke: #30363d } .limit { stroke: #9da7b3 } text { fill: #e6edf3 }
  }`;

/** A tick at 1, 2 and 5 of each decade between. */
function ticks(least, most) {
  const all = [];
  for (let decade = 1; decade <= most; decade *= 10) all.push(decade, 2 * decade, 5 * decade);
  return all.filter((tick) => tick >= least && tick <= most);
}

/** @param groups [{ name, under, payloadBytes, bytes: { store: bytes a message } }] */
export function bars(title, axis, names, groups) {
  const values = groups.flatMap((group) => Object.values(group.bytes));
  const least = 500;
  const most = 2 * Math.max(...values); // room for the figure above the highest bar
  const y = (value) => BOTTOM - (BOTTOM - TOP) * Math.log(value / least) / Math.log(most / least);
  const step = (WIDTH - LEFT - 12) / groups.length;
  const width = Math.min(22, (step - 16) / Object.keys(names).length);
  const out = ['<svg xmlns="http://www.w3.org/2000/svg" '
    + `viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<style>${STYLE}\n</style>`, `<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="${LEFT}" y="24">${title}</text>`,
    `<text transform="translate(14 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${axis}</text>`];
  Object.entries(names).forEach(([store, name], i) => {
    const x = LEFT + i * 132;
    out.push(`<rect x="${x}" y="38" width="12" height="12" fill="${COLOURS[store]}"/>`,
      `<text${store === 'ours' ? ' class="ours"' : ''} x="${x + 18}" y="48">${name}</text>`);
  });
  const x = LEFT + Object.keys(names).length * 132;
  out.push(`<path class="limit" d="M${x} 44h22"/>`, `<text x="${x + 28}" y="48">the message itself</text>`);
  for (const tick of ticks(least, most)) {
    out.push(`<path class="line" d="M${LEFT} ${y(tick).toFixed(1)}H${WIDTH - 12}"/>`,
      `<text class="small" x="${LEFT - 6}" y="${(y(tick) + 3).toFixed(1)}" text-anchor="end">`
        + `${tick.toLocaleString('en')}</text>`);
  }
  groups.forEach((group, at) => {
    const all = width * Object.keys(names).length;
    const middle = (LEFT + (at + 0.5) * step).toFixed(1);
    const left = LEFT + at * step + (step - all) / 2;
    Object.keys(names).forEach((store, i) => {
      const value = group.bytes[store];
      if (!value) return;
      const bar = left + i * width;
      const top = y(value).toFixed(1);
      out.push(`<rect x="${(bar + 1).toFixed(1)}" y="${top}" width="${(width - 2).toFixed(1)}" `
        + `height="${(BOTTOM - top).toFixed(1)}" fill="${COLOURS[store]}"/>`,
      `<text class="small${store === 'ours' ? ' ours' : ''}" `
        + `transform="translate(${(bar + width / 2 + 3.5).toFixed(1)} ${top - 4}) rotate(-90)">${Math.round(value).toLocaleString('en')}</text>`);
    });
    const payload = y(group.payloadBytes).toFixed(1);
    out.push(`<path class="limit" d="M${(left - 4).toFixed(1)} ${payload}h${(all + 8).toFixed(1)}"/>`,
      `<text x="${middle}" y="${BOTTOM + 18}" text-anchor="middle">${group.name}</text>`,
      `<text class="small" x="${middle}" y="${BOTTOM + 33}" text-anchor="middle">${group.under}</text>`);
  });
  return `${out.join('\n')}\n</svg>\n`;
}

/** Bytes a message in real time, then by size when each is stored alone. */
export function plot({ arrivals, groups }, names) {
  const bytesOf = (figures) => figures?.deviceBytes ?? figures?.handedBytes;
  const mount = arrivals.rows.at(-1).mount;
  const rates = [...new Set(arrivals.rows.map((row) => row.aSecond))].map((rate) => ({
    name: `${rate} a second`,
    under: '1 KiB, in real time',
    payloadBytes: KIB,
    bytes: Object.fromEntries(arrivals.rows.filter((row) => row.mount === mount && row.aSecond === rate)
      .map((row) => [row.store, bytesOf(row)])),
  }));
  const sizes = [...new Set(groups.rows.map((row) => row.bytes))].map((bytes) => ({
    name: `${bytes / KIB} KiB`,
    under: 'one after the other',
    payloadBytes: bytes,
    bytes: Object.fromEntries(groups.rows.filter((row) => row.bytes === bytes)
      .map((row) => [row.store, bytesOf(row.groups?.[0].acknowledged)])),
  }));
  const where = mount === null ? 'handed to the system' : 'written to the block device';
  return bars(`Bytes ${where} for one stored and acknowledged message`, 'bytes a message, log scale', names,
    [...rates, ...sizes]);
}
