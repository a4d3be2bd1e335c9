// Debian's Postfix on 127.0.0.1: one sending server, and one receiving server whose domain has no users.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, missing, scratch, start } from './process.mjs';

/** Why Postfix cannot run here, or `undefined`. */
export const noPostfix = () => missing('/usr/sbin/postfix');

/**
 * @param {object} options
 * @param {Record<string, string>} options.routes domain → `smtp:[127.0.0.1]:PORT` or `lmtp:inet:127.0.0.1:PORT`
 * @param {string} options.domain the receiving server's domain: every address of it is unknown there
 */
export async function postfix({ routes, domain }) {
  const folder = scratch('postfix');
  chmodSync(folder, 0o755);
  const [submission, receiving] = [await freePort(), await freePort()];
  const queue = join(folder, 'queue');
  const data = join(folder, 'data');
  for (const path of [queue, data]) mkdirSync(path);
  execFileSync('chown', ['postfix', data]);

  const transports = { ...routes, [domain]: `smtp:[127.0.0.1]:${receiving}` };
  const inline = (entries) => `inline:{ ${entries.map(([key, value]) => `{ ${key} = ${value} }`).join(', ')} }`;
  const settings = {
    compatibility_level: '3.6',
    queue_directory: queue,
    data_directory: data,
    maillog_file: join(folder, 'mail.log'),
    maillog_file_prefixes: folder,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    mynetworks: '127.0.0.0/8',
    myhostname: 'mail.example.com',
    mydestination: '',
    alias_maps: '',
    local_recipient_maps: '',
    virtual_mailbox_domains: domain,
    virtual_mailbox_maps: inline([[`postmaster@${domain}`, 'x']]),
    // Nothing leaves this machine: no DNS, and no route but those given.
    disable_dns_lookups: 'yes',
    smtp_host_lookup: 'native',
    transport_maps: inline(Object.entries(transports)),
    default_transport: 'error:5.4.4 there is no route to this domain here',
    relay_transport: 'error:5.4.4 there is no route to this domain here',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    smtp_tls_security_level: 'none',
    smtpd_peername_lookup: 'no',
    append_dot_mydomain: 'no',
  };
  writeFileSync(join(folder, 'main.cf'), Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`).join(''));

  const services = readFileSync('/usr/share/postfix/master.cf.dist', 'utf8')
    .split('\n')
    .filter((line) => !/^(#|smtp\s+inet|\s)/.test(line) && line.trim() !== '')
    // Unprivileged containers cannot always change the root folder.
    .map((line) => line.replace(/^(\S+\s+\S+\s+\S+\s+\S+\s+)[y-]/, '$1n'));
  services.push(
    `127.0.0.1:${submission} inet n - n - - smtpd`,
    // The sending side takes what the receiving side will refuse: that is where bounces come from.
    '  -o smtpd_reject_unlisted_recipient=no',
    `127.0.0.1:${receiving} inet n - n - - smtpd`,
    `  -o myhostname=mx.${domain}`,
  );
  if (!services.some((line) => line.startsWith('postlog'))) services.push('postlog unix-dgram n - n - 1 postlogd');
  writeFileSync(join(folder, 'master.cf'), `${services.join('\n')}\n`);
  execFileSync('postfix', ['-c', folder, 'check'], { stdio: ['ignore', 'ignore', 'ignore'] });

  const args = ['-c', folder, 'start-fg'];
  // Its master leaves the process group, so that only its own command reaches it.
  const end = () => execFileSync('postfix', ['-c', folder, 'stop'], { stdio: 'ignore' });
  const stop = await start({ name: 'postfix', folder, program: 'postfix', args, ports: [submission, receiving], end });
  return { port: submission, log: () => readFileSync(settings.maillog_file, 'utf8'), stop };
}
