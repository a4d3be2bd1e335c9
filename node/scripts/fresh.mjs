// Installs the packed tarballs in a fresh folder, as a user would, with the tests beside them.
// Usage: node scripts/fresh.mjs FOLDER [TARBALL…]; further tarballs are installed too.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2]);
const { devDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
/** What the tests need beside the package. */
const tools = ['@types/node', 'ajv', 'smol-toml', 'typescript'];

const npm = (...args) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });

mkdirSync(folder, { recursive: true });
cpSync(join(home, 'test'), join(folder, 'test'), { recursive: true });
const wanted = Object.fromEntries(tools.map((name) => [name, devDependencies[name]]));
const manifest = { name: 'fresh', private: true, type: 'module', devDependencies: wanted };
writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
npm('install', '--no-audit', '--no-fund');
// Offline: the packages of other platforms are not published yet, and nothing of that name is wanted from anywhere.
const packed = readdirSync(join(home, 'tarball')).map((name) => join(home, 'tarball', name));
npm('install', '--offline', '--no-audit', '--no-fund', ...packed, ...process.argv.slice(3).map((path) => resolve(path)));
