// Charts as SVG: lines with bands, and bars with ranges. Same colours and both themes as the other plots in docs.
const COLOURS = ['#1f6feb', '#bf8700', '#2da44e', '#cf4a3f', '#8b949e']
const BOX = { left: 72, right: 944, top: 84, bottom: 376, width: 960, height: 430 }

const text = value => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const at = value => value.toFixed(1)

function frame(title, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label="${text(title)}">
<style>
  .page { fill: #ffffff } .line { stroke: #d0d7de } .limit { stroke: #57606a; stroke-dasharray: 4 3; fill: none }
  text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 15px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .line { stroke: #30363d } .limit { stroke: #9da7b3 } text { fill: #e6edf3 }
  }
</style>
<rect class="page" width="${BOX.width}" height="${BOX.height}"/>
<text class="title" x="${BOX.left}" y="24">${text(title)}</text>
${body.join('\n')}
</svg>
`
}

/** kind: linear, log, or root (signed square root, for values of both signs and many sizes). */
function scale(kind, low, high, from, to) {
  const bend = { linear: x => x, log: Math.log10, root: x => Math.sign(x) * Math.sqrt(Math.abs(x)) }[kind]
  const place = value => from + ((bend(value) - bend(low)) / (bend(high) - bend(low))) * (to - from)
  return value => place(Math.max(low, Math.min(high, value)))
}

function legend(series) {
  const step = Math.min(220, (BOX.right - BOX.left) / series.length)
  return series.map(({ name, dashed }, i) => {
    const x = BOX.left + i * step
    return `<path d="M${at(x)} 48h18" stroke="${COLOURS[i]}" stroke-width="3"${dashed ? ' stroke-dasharray="5 3"' : ''}/><text x="${at(x + 24)}" y="52">${text(name)}</text>`
  })
}

function axes(x, y, { xTicks, yTicks, xLabel, yLabel }) {
  const shown = value => (Math.abs(value) >= 10000 ? `${value / 1000}k` : value)
  return [
    `<text transform="translate(16 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)" text-anchor="middle">${text(yLabel)}</text>`,
    `<text x="${(BOX.left + BOX.right) / 2}" y="${BOX.height - 12}" text-anchor="middle">${text(xLabel)}</text>`,
    ...yTicks.map(tick => `<path class="line" d="M${BOX.left} ${at(y(tick))}H${BOX.right}"/><text x="${BOX.left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${shown(tick)}</text>`),
    ...xTicks.map(tick => `<path class="line" d="M${at(x(tick))} ${BOX.bottom}v5"/><text x="${at(x(tick))}" y="${BOX.bottom + 18}" text-anchor="middle">${shown(tick)}</text>`),
  ]
}

/** @param chart title, xLabel, yLabel, xKind, yKind, xTicks, yTicks (their ends are the chart's), limit: a y to mark, series: name, xs, values, low, high, dashed */
export function lines(chart) {
  const { xTicks, yTicks, series } = chart
  const x = scale(chart.xKind ?? 'linear', xTicks[0], xTicks.at(-1), BOX.left, BOX.right)
  const y = scale(chart.yKind ?? 'linear', yTicks[0], yTicks.at(-1), BOX.bottom, BOX.top)
  const body = [...legend(series), ...axes(x, y, chart)]
  if (chart.limit !== undefined) body.push(`<path class="limit" d="M${BOX.left} ${at(y(chart.limit))}H${BOX.right}"/>`)
  series.forEach(({ xs, values, low, high, dashed }, i) => {
    if (low) {
      const there = xs.map((each, j) => `${at(x(each))} ${at(y(high[j]))}`)
      const back = xs.map((each, j) => `${at(x(each))} ${at(y(low[j]))}`).reverse()
      body.push(`<path d="M${there.join('L')}L${back.join('L')}Z" fill="${COLOURS[i]}" opacity="0.14"/>`)
    }
    body.push(`<path d="M${xs.map((each, j) => `${at(x(each))} ${at(y(values[j]))}`).join('L')}" fill="none" stroke="${COLOURS[i]}" stroke-width="2"${dashed ? ' stroke-dasharray="5 3"' : ''}/>`)
  })
  return frame(chart.title, body)
}

/** @param chart title, xLabel, yLabel, yTicks, bars: name, mean, least, most; honest ones are the other colour */
export function bars(chart) {
  const { yTicks } = chart
  const y = scale('root', yTicks[0], yTicks.at(-1), BOX.bottom, BOX.top)
  const step = (BOX.right - BOX.left) / chart.bars.length
  const body = axes(value => value, y, { ...chart, xTicks: [] })
  chart.bars.forEach(({ name, mean, least, most, honest }, i) => {
    const middle = BOX.left + (i + 0.5) * step
    const top = Math.min(y(0), y(mean))
    body.push(`<rect x="${at(middle - step / 4)}" y="${at(top)}" width="${at(step / 2)}" height="${at(Math.abs(y(mean) - y(0)))}" fill="${COLOURS[honest ? 2 : 3]}" opacity="0.75"/>`)
    body.push(`<path class="limit" style="stroke-dasharray:none" d="M${at(middle)} ${at(y(least))}V${at(y(most))}M${at(middle - 6)} ${at(y(least))}h12M${at(middle - 6)} ${at(y(most))}h12"/>`)
    body.push(`<text x="${at(middle)}" y="${BOX.bottom + 18}" text-anchor="middle">${text(name)}</text>`)
  })
  body.push(`<path class="limit" style="stroke-dasharray:none" d="M${BOX.left} ${at(y(0))}H${BOX.right}"/>`)
  return frame(chart.title, body)
}
