// node worker.mjs: BOUNCE_DOMAIN=bounces.example.com [HOST=127.0.0.1] [PORT=2525] [DATA=./data] [VERP=pattern,…]
import { sink } from './sink.mjs';
import { Store } from './store.mjs';

const { BOUNCE_DOMAIN: domain, HOST: host = '127.0.0.1', PORT: port = '2525', DATA: folder = './data', VERP } = process.env;
if (!domain) {
  console.error('set BOUNCE_DOMAIN to the domain of the return path, such as bounces.example.com');
  process.exit(2);
}

const store = await Store.open(folder);
const server = sink({ domain: domain.toLowerCase(), store, verp: VERP ? VERP.split(',') : [] });
server.on('error', (error) => console.error(`SMTP: ${error.message}`));
server.listen(Number(port), host, () => console.log(`listening on ${host}:${server.server.address().port}`));

// No new connections, those that are open may finish their message, and then the files are closed.
let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  server.close(async () => {
    await store.close();
    console.log('stopped');
  });
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
