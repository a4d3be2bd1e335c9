// Debian's Dovecot on 127.0.0.1: LMTP in, IMAP out, mailboxes with quotas.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, missing, scratch, start } from './process.mjs';

/** Why Dovecot cannot run here, or `undefined`. */
export const noDovecot = () => missing('/usr/sbin/dovecot', '/usr/lib/dovecot/lmtp');

const PASSWORD = 'loopback';

/** @param {{ users: Record<string, { quota?: string }> }} options address → its quota, such as `1K` */
export async function dovecot({ users }) {
  const folder = scratch('dovecot');
  chmodSync(folder, 0o755);
  const [imap, lmtp] = [await freePort(), await freePort()];
  mkdirSync(join(folder, 'mail'));
  execFileSync('chown', ['mail:mail', join(folder, 'mail')]);
  const lines = Object.entries(users).map(([address, { quota }]) => {
    const rule = quota ? `userdb_quota_rule=*:storage=${quota}` : '';
    return `${address}:{PLAIN}${PASSWORD}:mail:mail::${join(folder, 'mail', address)}::${rule}\n`;
  });
  writeFileSync(join(folder, 'users'), lines.join(''));
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `
protocols = imap lmtp
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_plugins = $mail_plugins quota
plugin {
  quota = maildir:User quota
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtp}
  }
}
protocol lmtp {
  postmaster_address = postmaster@example.org
  hostname = lmtp.example.org
}
`,
  );
  const args = ['-F', '-c', join(folder, 'dovecot.conf')];
  const stop = await start({ name: 'dovecot', folder, program: '/usr/sbin/dovecot', args, ports: [imap, lmtp] });
  return { imap, lmtp, password: PASSWORD, log: () => readFileSync(join(folder, 'dovecot.log'), 'utf8'), stop };
}
