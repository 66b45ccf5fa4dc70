// Where a store lies while it is measured: as root a small ext4 of its own, whose block device counts for it alone;
// else a directory, and only what is handed to the system can be counted.
import { closeSync, mkdirSync, openSync, rmSync, truncateSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const BYTES = 4 * 1024 ** 3; // sparse: only what is written takes room

function command(name, ...words) {
  const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  return execFileSync(name, words, { encoding: 'utf8', env: environment, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

export class Disk {
  /** @param options of the mount, or null for a plain directory */
  constructor(folder, name, options) {
    this.place = path.join(folder, name);
    this.options = options;
    this.statistics = '';
    rmSync(this.place, { recursive: true, force: true });
    mkdirSync(this.place, { recursive: true, mode: 0o700 });
    if (options !== null) this.attach(`${this.place}.img`);
  }

  /** The image has no name any more and the device ends with our handle: nothing is left when we are killed. */
  attach(image) {
    closeSync(openSync(image, 'w', 0o600));
    truncateSync(image, BYTES);
    try {
      this.device = command('losetup', '--find', '--show', image);
      this.handle = openSync(this.device, 'r');
      command('losetup', '--detach', this.device);
    } finally {
      rmSync(image);
    }
    // Without the lazy part nothing is written in the background while we count.
    command('mke2fs', '-q', '-t', 'ext4', '-N', '8192', '-E', 'lazy_itable_init=0', this.device);
    this.mount();
    this.statistics = `/sys/block/${path.basename(this.device)}/stat`;
  }

  mount() {
    command('mount', '-t', 'ext4', '-o', this.options, this.device, this.place);
  }

  /** Makes the file system forget what it holds in memory. */
  forget() {
    if (this.options === null) return;
    command('umount', this.place);
    this.mount();
  }

  remove() {
    if (this.options !== null) {
      command('umount', this.place);
      closeSync(this.handle);
    }
    rmSync(this.place, { recursive: true, force: true });
  }
}

/** Why there can be no disks of our own, or null. */
export function whyNoDisks(folder) {
  if (process.getuid() !== 0) return 'not run as root';
  if (!process.env.CONET_BENCH_MOUNTS) return 'no mount namespace can be made';
  try {
    new Disk(folder, 'trial', 'defaults').remove();
    return null;
  } catch (failure) {
    return (failure.stderr || failure.message).trim().split('\n').pop();
  }
}
