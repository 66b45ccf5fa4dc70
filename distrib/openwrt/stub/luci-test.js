// Runs the page for LuCI against a stand-in for LuCI's own scripts: what it shows, what it asks for, what it refuses.
//
//   node stub/luci-test.js            prints one line for each thing that holds; exit status 1 when one does not
//   node stub/luci-test.js --html     prints the page as a file for a browser, to look at
'use strict';
const fs = require('fs');
const path = require('path');

const files = path.join(__dirname, '..', 'files');
const source = fs.readFileSync(path.join(files, 'www/luci-static/resources/view/conet.js'), 'utf8');
const uci = fs.readFileSync(path.join(files, 'etc/config/conet'), 'utf8');
const init = fs.readFileSync(path.join(files, 'etc/init.d/conet'), 'utf8');
const acl = JSON.parse(fs.readFileSync(path.join(files, 'usr/share/rpcd/acl.d/conet.json'), 'utf8')).conet;

const E = (tag, attributes, children) => ({ tag, attributes: attributes || {}, children: [].concat(children || []) });
const text = e => typeof e === 'string' ? e : e.children.map(text).join(' ');
const escape = s => s.replace(/[&<"]/g, c => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;' })[c]);
const html = e => typeof e === 'string' ? escape(e) :
  `<${e.tag}${Object.entries(e.attributes).map(([k, v]) => ` ${k}="${escape(String(v))}"`).join('')}>` +
  (e.tag === 'br' ? '' : e.children.map(html).join('') + `</${e.tag}>`);

// A router: what its services say, what its file holds; and what the page asked it for.
function page(services, status) {
  const asked = { files: [], calls: [], options: {}, poll: null };
  class Option {
    constructor(kind, name, title, description) {
      Object.assign(this, { kind, name, title, description, values: [] });
    }
    value(key, label) {
      this.values.push([ key, label || key ]);
    }
  }
  class Section {
    constructor() {
      this.tabs = {};
    }
    tab(name, title) {
      this.tabs[name] = { title, options: [] };
    }
    taboption(tab, kind, name, title, description) {
      const option = new Option(kind, name, title, description);
      this.tabs[tab].options.push(option);
      asked.options[name] = option;
      return option;
    }
  }
  class Map {
    constructor(config, title, description) {
      Object.assign(this, { config, title, description });
    }
    section() {
      this.first = new Section();
      return this.first;
    }
    async render() {
      return E('div', {}, [ E('h2', {}, [ this.title ]), E('p', {}, [ this.description ]) ].concat(
        Object.values(this.first.tabs).map(tab => E('fieldset', {}, [ E('legend', {}, [ tab.title ]) ].concat(
          tab.options.map(o => E('p', {}, [ E('label', {}, [ o.title + ' ' ]), field(o),
            E('small', {}, [ ' ' + (o.description || '') ]) ])))))));
    }
  }
  const field = o => o.kind === 'Flag' ? E('input', { type: 'checkbox' }) : o.kind === 'ListValue' ?
    E('select', {}, o.values.map(([ , label ]) => E('option', {}, [ label ]))) :
    E('input', { placeholder: o.placeholder || '' });
  const modules = {
    view: { extend: v => v },
    form: { Map, NamedSection: 'NamedSection', Flag: 'Flag', Value: 'Value', ListValue: 'ListValue', DynamicList: 'DynamicList' },
    fs: { read: async name => {
      asked.files.push(name);
      if (status === null)
        throw new Error('no such file');
      return status;
    } },
    poll: { add: (f, seconds) => { asked.poll = [ f, seconds ]; } },
    dom: { content: (e, child) => { e.children = [].concat(child); } },
    rpc: { declare: d => async () => {
      asked.calls.push([ d.object, d.method ]);
      return services;
    } }
  };
  const wanted = [ ...source.matchAll(/^'require (\w+)';$/gm) ].map(m => m[1]);
  const L = { resolveDefault: (promise, otherwise) => promise.catch(() => otherwise) };
  const view = new Function('E', '_', 'L', ...wanted, source)(E, s => s, L, ...wanted.map(name => modules[name]));
  return view.load().then(loaded => view.render(loaded)).then(shown => ({ shown, asked }));
}

let failed = 0;
function expect(sentence, holds) {
  console.log(`${holds ? 'ok' : 'FAILED'}: ${sentence}`);
  failed += holds ? 0 : 1;
}

const running = { conet: { instances: { node: { running: true } } } };
const ended = code => ({ conet: { instances: { node: { running: false, exit_code: code } } } });
const status = JSON.stringify({
  node: { wallet: '0xabc', keyId: 'C7A4313EDFA6AF9D' },
  health: [ { code: 'chain.unreachable', severity: 'CRITICAL', title: 'The chain does not answer.', action: 'Check <it>.' } ],
  counters: { messages_stored: 7 }
});

(async () => {
  if (process.argv[2] === '--html') {
    const { shown } = await page(running, status);
    console.log(`<!doctype html><meta charset="utf-8"><body style="font:14px sans-serif">${html(shown)}`);
    return;
  }
  const { shown, asked } = await page(running, status);
  const said = text(shown);
  expect('the page says that the node runs, whose it is and what is wrong',
    [ 'running', '0xabc', 'CRITICAL', 'The chain does not answer.', 'Check <it>.' ].every(s => said.includes(s)));
  expect('a counter is shown', /Messages stored\s+7/.test(said));
  expect('a node that starts is said to', text((await page(running, null)).shown).includes('starting'));
  expect('half a status file is no error', text((await page(running, status.slice(0, 50))).shown).includes('starting'));
  expect('a refused setting is told of', text((await page(ended(78), status)).shown).includes('A setting was refused'));
  expect('a router without the service is no error', text((await page({}, null)).shown).includes('not running'));

  const before = await page(ended(3), null);
  expect('the status is renewed every five seconds', before.asked.poll[1] === 5);
  await before.asked.poll[0]();
  expect('all that is read may be read', asked.files.every(f => acl.read.file[f].includes('read')) &&
    asked.calls.every(([ object, method ]) => acl.read.ubus[object].includes(method)) && asked.files.length > 0);

  const options = [ ...uci.matchAll(/^\t(?:# )?(?:option|list) (\w+) /gm) ].map(m => m[1]).sort();
  expect(`each option of /etc/config/conet has its field, and no other: ${options.join(' ')}`,
    JSON.stringify(options) === JSON.stringify(Object.keys(asked.options).sort()));
  for (const [ , name, least, most ] of init.matchAll(/^\twhole (\w+) (\d+) (\d+) /gm))
    expect(`${name} has the range that the init script checks`, asked.options[name].datatype === `range(${least},${most})`);
  for (const [ , name, values ] of init.matchAll(/^\tsetting (\w+) 'or\(([^)]*)\)'/gm))
    expect(`${name} has the choices that the init script checks`, JSON.stringify(asked.options[name].values.map(v => v[0])) ===
      JSON.stringify(values.split(',').map(v => v.slice(1, -1))));
  for (const [ name, good, bad ] of [ [ 'public_endpoint', 'node.example.org:8180', 'a b' ], [ 'region', 'home.DE', '$(x)' ],
    [ 'data', '/mnt/sda1/conet', 'mnt' ], [ 'profile', 'openwrt-aarch64-1g', '../x' ], [ 'setting', 'storage.retentionDays = 7', 'x' ] ])
    expect(`${name} takes '${good}' and not '${bad}'`,
      asked.options[name].validate('main', good) === true && asked.options[name].validate('main', bad) !== true);
  process.exitCode = failed ? 1 : 0;
})();
