// The client: posts distinct sealed messages, and listens for them.
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const HOST = '127.0.0.1';
const SERIAL_CHARS = 16;
/** A message that is not answered for so long fails the run; no figure depends on it. */
const SILENCE_MILLIS = 60_000;
const BUSY = 503;
const BUSY_MILLIS = 20;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * A message of which any number of distinct ones are made, by other characters at the end of its base64. To a node
 * that does not open it, each is as good as a message sealed anew: the key id stands at the beginning, and the checksum
 * is not looked at.
 */
export class Template {
  constructor(armor) {
    this.armorBytes = Buffer.byteLength(armor);
    this.body = Buffer.from(JSON.stringify({ data: armor }));
    const lines = armor.trimEnd().split('\n');
    const longest = [...lines].reverse().find((line) => line.length >= 60);
    this.serialAt = this.body.lastIndexOf(longest) + 8;
    Template.serial ??= Date.now() * 1000;
  }

  /** A whole request, and the serial that is in it. */
  request(isKept) {
    const serial = (Template.serial++).toString(36).padStart(SERIAL_CHARS, '0');
    const head = `POST /post HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n`
      + `Content-Length: ${this.body.length}\r\n${isKept ? 'X-CoNET-Edge: 1\r\n' : ''}\r\n`;
    const bytes = Buffer.allocUnsafe(head.length + this.body.length);
    bytes.write(head, 0, 'latin1');
    this.body.copy(bytes, head.length);
    bytes.write(serial, head.length + this.serialAt, 'latin1');
    return { bytes, serial };
  }

  /** The serial in a frame that holds such a message. */
  serialOf(frame) {
    return frame.toString('latin1', this.serialAt, this.serialAt + SERIAL_CHARS);
  }
}

function connect(port) {
  const socket = net.connect(port, HOST);
  socket.setNoDelay(true);
  socket.setTimeout(SILENCE_MILLIS, () => socket.destroy(new Error('no answer')));
  return socket;
}

/** Posts on a connection of its own; the status. */
export function post(port, bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect(port);
    let answer = '';
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => { answer += chunk.toString('latin1'); });
    socket.on('error', reject);
    socket.on('close', () => {
      const status = Number(answer.slice(9, 12));
      if (status) resolve(status);
      else reject(new Error('closed without an answer'));
    });
  });
}

/** A connection that is used again and again while the other side agrees. */
class Kept {
  constructor(port) {
    this.port = port;
  }

  post(bytes) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.answer = '';
      if (this.socket) {
        this.socket.write(bytes);
        return;
      }
      const socket = connect(this.port);
      this.socket = socket;
      socket.on('connect', () => socket.write(bytes));
      socket.on('data', (chunk) => this.take(chunk));
      const ended = (failure) => { if (this.socket === socket) this.end(failure); };
      socket.on('error', ended);
      socket.on('close', () => ended(new Error('closed without an answer')));
    });
  }

  take(chunk) {
    this.answer += chunk.toString('latin1');
    const end = this.answer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.answer.slice(0, end + 2);
    const need = end + 4 + Number(/\r\ncontent-length: *(\d+)\r/i.exec(head)?.[1] ?? 0);
    if (this.answer.length < need) return;
    if (!/\r\nx-conet-edge: *1\r/i.test(head)) {
      this.socket.destroy();
      this.socket = null;
    }
    const { resolve } = this.waiting;
    this.waiting = null;
    resolve(Number(this.answer.slice(9, 12)));
  }

  end(failure) {
    this.socket = null;
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.reject(failure);
  }

  close() {
    this.socket?.destroy();
  }
}

/**
 * Posts messages, so many at a time. A node that is full for the moment says 503: the message is posted again.
 *
 * @returns the seconds that it took, and how often the node was full
 */
export async function load(port, template, count, concurrency, isKept) {
  let left = count;
  let busy = 0;
  const began = process.hrtime.bigint();
  await Promise.all(Array.from({ length: concurrency }, async () => {
    const kept = isKept ? new Kept(port) : null;
    while (left > 0) {
      left--;
      const { bytes } = template.request(isKept);
      let status = isKept ? await kept.post(bytes) : await post(port, bytes);
      for (; status === BUSY; busy++) {
        await sleep(BUSY_MILLIS);
        status = isKept ? await kept.post(bytes) : await post(port, bytes);
      }
      if (status !== 200) throw new Error(`a message was answered with ${status}`);
    }
    kept?.close();
  }));
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, busy };
}

/** Opens a listener; calls back for each frame with mail, with its time in milliseconds. */
export function listen(port, armor, onMail) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ data: armor });
    const socket = connect(port);
    let rest = Buffer.alloc(0);
    let isOpen = false;
    socket.on('connect', () => socket.write(
      `POST /post HTTP/1.1\r\nHost: node\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the stream ended')));
    socket.on('data', (chunk) => {
      const now = performance.now();
      rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
      for (let end = rest.indexOf(END_OF_HEAD); end >= 0; end = rest.indexOf(END_OF_HEAD)) {
        const frame = rest.subarray(0, end);
        rest = rest.subarray(end + END_OF_HEAD.length);
        if (!isOpen && frame.includes('HTTP/1.1 200')) {
          isOpen = true;
        } else if (!isOpen) {
          reject(new Error(`the listener was answered: ${frame.toString('latin1', 0, 40)}`));
        } else if (frame.includes('"nodeWallet"')) {
          resolve(socket);
        } else if (frame.length > 0) {
          onMail(frame, now);
        }
      }
    });
  });
}
