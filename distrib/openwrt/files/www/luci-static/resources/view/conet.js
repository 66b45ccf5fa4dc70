'use strict';
'require view';
'require form';
'require fs';
'require poll';
'require dom';
'require rpc';

/* How the node is, from status.json, above the settings of /etc/config/conet. The init script checks them again. */

const callServiceList = rpc.declare({
	object: 'service',
	method: 'list',
	params: [ 'name' ],
	expect: { '': {} }
});

/* Of all counters those that tell a household something. */
const counters = [
	[ 'messages_forwarded', _('Messages forwarded') ],
	[ 'messages_stored', _('Messages stored') ],
	[ 'messages_delivered', _('Messages delivered') ],
	[ 'service_calls', _('Calls of services') ],
	[ 'storage_bytes_written', _('Bytes written since the start') ]
];

const colours = { OK: '#090', WARNING: '#c70', CRITICAL: '#c00' };

function load() {
	return Promise.all([
		L.resolveDefault(callServiceList('conet'), {}),
		L.resolveDefault(fs.read('/var/run/conet/status.json'), '')
	]);
}

function row(name, value) {
	return E('tr', { 'class': 'tr' }, [
		E('td', { 'class': 'td left', 'width': '33%' }, [ name ]),
		E('td', { 'class': 'td left' }, [ value ])
	]);
}

function severity(entry) {
	return E('strong', { 'style': 'color:' + (colours[entry.severity] || 'inherit') }, [ entry.severity ]);
}

function status([ services, text ]) {
	const instances = ((services || {}).conet || {}).instances || {};
	const instance = instances.node || {};
	const running = instance.running === true;
	const rows = [ row(_('Service'), running ? _('running') : _('not running')) ];
	let said = null;

	if (running) {
		try {
			said = JSON.parse(text);
		}
		catch (e) {
			rows.push(row(_('Status'), _('The node is starting.')));
		}
	}
	else if (instance.exit_code === 78)
		rows.push(row(_('Why'), _('A setting was refused. The system log has one line that says which.')));
	else if (instance.exit_code === 3)
		rows.push(row(_('Why'), _('Out of memory.')));
	else
		rows.push(row(_('Why'), _('It is switched off, or a setting was refused: see the system log.')));

	if (said) {
		const node = said.node || {};
		rows.push(row(_('Wallet'), E('code', {}, [ node.wallet || '-' ])));
		rows.push(row(_('Key id'), E('code', {}, [ node.keyId || '-' ])));
		for (const entry of said.health || [])
			rows.push(row(severity(entry), E('span', {}, [
				entry.title, entry.action ? E('br') : '', entry.action ? E('em', {}, [ entry.action ]) : ''
			])));
		for (const [ key, title ] of counters)
			if ((said.counters || {})[key] != null)
				rows.push(row(title, String(said.counters[key])));
	}

	return E('table', { 'class': 'table' }, rows);
}

function number(section, name, title, description, least, most, otherwise) {
	const option = section.option(form.Value, name, title, description);
	option.datatype = `range(${least},${most})`;
	option.placeholder = String(otherwise);
	return option;
}

return view.extend({
	load: load,

	render: function(loaded) {
		const map = new form.Map('conet', _('CONET node'),
			_('Keeps and forwards sealed messages of the CONET network. The node cannot read them.'));
		const shown = E('div', {}, [ status(loaded) ]);
		const section = map.section(form.NamedSection, 'main', 'node', _('Settings'));
		let option;

		section.tab('general', _('General'));
		section.tab('storage', _('Storage'));
		section.tab('more', _('More'));
		const general = { option: section.taboption.bind(section, 'general') };
		const storage = { option: section.taboption.bind(section, 'storage') };
		const more = { option: section.taboption.bind(section, 'more') };

		option = general.option(form.Flag, 'enabled', _('Run the node'));
		option.default = '1';
		option.rmempty = false;
		number(general, 'port', _('Port'), _('Port 80 is the router\'s own page.'), 1024, 65535, 8180);
		option = general.option(form.Flag, 'wan', _('Open to the Internet'),
			_('Others can reach the node only when this port is open.'));
		option.rmempty = false;
		option = general.option(form.Value, 'public_endpoint', _('Public address'),
			_('Host or host:port. When it is set, the node enters itself in the registry, and its wallet pays for that.'));
		option.validate = (id, value) => /^[A-Za-z0-9.:[\]_-]*$/.test(value) || _('Expected host or host:port');
		option = general.option(form.Value, 'region', _('Region'));
		option.validate = (id, value) => /^[A-Za-z0-9 .,_-]*$/.test(value) || _('Letters, digits, spaces and . , _ - only');

		option = storage.option(form.Value, 'data', _('Directory'),
			_('Keys and mail. Best on a disk of its own; the directory must exist, but for the first one.'));
		option.placeholder = '/srv/conet';
		option.validate = (id, value) => value == '' || /^\/[A-Za-z0-9/._-]+$/.test(value) || _('Expected an absolute path');
		option = storage.option(form.ListValue, 'medium', _('Medium'), _('What the directory lies on.'));
		option.value('auto', _('What is seen'));
		option.value('nand', _('Flash of the router (UBI)'));
		option.value('emmc', _('eMMC'));
		option.value('sd', _('SD card or USB stick'));
		option.value('nvme', _('Solid state disk'));
		option.default = 'auto';
		number(storage, 'quota_mib', _('Room for mail (MiB)'), _('0: what suits the router and the medium.'), 0, 1048576, 0);
		option = storage.option(form.Flag, 'purge', _('Remove keys and mail with the package'),
			_('Without them the node is another node, and its users\' mail is lost.'));

		number(more, 'memory_mib', _('Memory (MiB)'), _('0: half of what the router has.'), 0, 65536, 0);
		option = more.option(form.Value, 'profile', _('Profile'), _('Empty: the node picks by itself.'));
		option.validate = (id, value) => /^[a-z0-9-]*$/.test(value) || _('Expected the name of a profile');
		option = more.option(form.ListValue, 'log', _('Log'));
		for (const level of [ 'error', 'warn', 'info', 'debug' ])
			option.value(level);
		option.default = 'warn';
		option = more.option(form.DynamicList, 'setting', _('Other settings'),
			_('bundle.setting = value, as in /usr/lib/conet/conf/conet.conf.example'));
		option.validate = (id, value) => value == '' || /^[a-z]+\.[A-Za-z]+ *=/.test(value) ||
			_('Expected bundle.setting = value');

		poll.add(() => load().then(fresh => dom.content(shown, status(fresh))), 5);
		return map.render().then(settings => E('div', {}, [ E('h3', {}, [ _('Status') ]), shown, settings ]));
	}
});
