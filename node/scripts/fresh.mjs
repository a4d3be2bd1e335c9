// Installs the packed tarballs in a fresh folder, as a user would, with the tests beside them.
// Usage: node scripts/fresh.mjs FOLDER [--without-addon]: then komainu-wasm stands in for this platform's package.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2]);
const tarballs = join(home, 'tarball');
const { version, devDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
/** What the tests need beside the package. */
const tools = ['@types/node', 'ajv', 'smol-toml', 'typescript'];

const npm = (...args) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });

mkdirSync(folder, { recursive: true });
cpSync(join(home, 'test'), join(folder, 'test'), { recursive: true });
const wanted = Object.fromEntries(tools.map((name) => [name, devDependencies[name]]));
const manifest = { name: 'fresh', private: true, type: 'module', devDependencies: wanted };
writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
npm('install', '--no-audit', '--no-fund');
// Offline: nothing of our own names is wanted from anywhere else.
let packed = readdirSync(tarballs).filter((name) => name.endsWith('.tgz')).map((name) => join(tarballs, name));
if (process.argv.includes('--without-addon')) {
  const args = ['pack', '--json', '--pack-destination', folder];
  const out = execFileSync('npm', args, { cwd: join(home, '../wasm'), encoding: 'utf8' });
  packed = [join(tarballs, `komainu-${version}.tgz`), join(folder, JSON.parse(out)[0].filename)];
}
npm('install', '--offline', '--no-audit', '--no-fund', ...packed);
