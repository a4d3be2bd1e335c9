// What both servers need: folders, free ports, and a child process that ends with the test.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why real servers cannot run here, or `undefined`. */
export function missing(...programs) {
  if (process.getuid?.() !== 0) return 'Postfix and Dovecot start as root only';
  const absent = programs.filter((program) => !existsSync(program));
  return absent.length > 0 ? `${absent.join(' and ')} not installed` : undefined;
}

/** A folder that other users may enter: the daemons drop their privileges. */
export const scratch = (name) => mkdtempSync(join(tmpdir(), `${name}-`));

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a daemon in the foreground, with its output in a file: a pipe would outlive it in its children.
 * Gives the function that ends it; should the test break off before, it ends with the process.
 */
export async function start({ name, folder, program, args, ports, end = (child) => process.kill(child.pid, 'SIGTERM') }) {
  const output = openSync(join(folder, `${name}.out`), 'a');
  const child = spawn(program, args, { stdio: ['ignore', output, output], detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const atExit = () => end(child);
  process.once('exit', atExit);
  const stop = async () => {
    process.off('exit', atExit);
    if (child.exitCode === null) end(child);
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const port of ports) {
    await until(`${name} listens on ${port}`, () => child.exitCode !== null || accepts(port));
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}; see ${folder}`);
  }
  return stop;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** Waits until `holds` does, and fails with `what` when it never does. */
export async function until(what, holds, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await sleep(50);
  }
}
