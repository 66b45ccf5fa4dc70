// What stands beside a node: `sink PORT` takes any message and answers 200 at once; `pipe PORT TO` passes bytes on.
import net from 'node:net';

const HOST = '127.0.0.1';
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Answers as a node of our kind does: the connection stays when it is asked to. */
function sink(socket) {
  let chunks = [];
  let have = 0;
  let need = -1;
  let isKept = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    if (need < 0) {
      const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      chunks = [bytes];
      const end = bytes.indexOf(END_OF_HEAD);
      if (end < 0) return;
      const head = bytes.toString('latin1', 0, end + 2);
      need = end + 4 + Number(/\r\ncontent-length: *(\d+)\r/i.exec(head)?.[1] ?? 0);
      isKept = /\r\nx-conet-edge: *1\r/i.test(head);
    }
    if (have < need) return;
    chunks = [];
    have = 0;
    need = -1;
    // The two lines as nodes write them: they recognise each other by exactly these bytes.
    const rest = isKept ? 'Connection: keep-alive\r\nX-CoNET-Edge: 1' : 'Connection: close';
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${rest}\r\n\r\n`;
    if (isKept) socket.write(answer);
    else socket.end(answer);
  });
}

function pipe(to) {
  return (inbound) => {
    const outbound = net.connect(to, HOST);
    inbound.setNoDelay(true);
    outbound.setNoDelay(true);
    inbound.pipe(outbound);
    outbound.pipe(inbound);
    inbound.on('error', () => outbound.destroy());
    outbound.on('error', () => inbound.destroy());
  };
}

const [role, port, to] = process.argv.slice(2);
net.createServer(role === 'sink' ? sink : pipe(Number(to))).listen({ port: Number(port), host: HOST, backlog: 512 });
