// Packs what a release publishes: the package itself without an addon, and the package of each platform whose addon
// was built here. Usage: node scripts/pack.mjs [FOLDER], by default tarball/. Prints the tarballs' names.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(home, 'tarball'));
const stage = join(tmpdir(), `komainu-pack-${process.pid}`);

/** Licences lie in the repository's root only. */
function licences(folder) {
  for (const name of readdirSync(join(home, '..')).filter((name) => name.startsWith('LICENSE'))) {
    cpSync(join(home, '..', name), join(folder, name));
  }
}

function pack(folder) {
  licences(folder);
  const out = execFileSync('npm', ['pack', '--json', '--pack-destination', target], { cwd: folder, encoding: 'utf8' });
  console.log(JSON.parse(out)[0].filename);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
try {
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const platforms = readdirSync(join(home, 'npm'));
  const version = manifest.version;

  const main = join(stage, 'komainu');
  mkdirSync(main, { recursive: true });
  const own = (path) => !path.endsWith('.node') && !path.endsWith('native.d.ts');
  cpSync(join(home, 'dist'), join(main, 'dist'), { recursive: true, filter: own });
  cpSync(join(home, 'README.md'), join(main, 'README.md'));
  // Only a release names the platforms: in the repository nothing could satisfy them.
  const optional = [...platforms.map((platform) => `komainu-${platform}`), 'komainu-wasm'];
  manifest.optionalDependencies = Object.fromEntries(optional.map((name) => [name, version]));
  for (const key of ['scripts', 'devDependencies', 'overrides']) delete manifest[key];
  writeFileSync(join(main, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  pack(main);

  for (const platform of platforms) {
    const addon = `komainu.${platform}.node`;
    if (!existsSync(join(home, 'dist', addon))) continue;
    const folder = join(stage, platform);
    cpSync(join(home, 'npm', platform), folder, { recursive: true });
    cpSync(join(home, 'dist', addon), join(folder, addon));
    pack(folder);
  }
} finally {
  rmSync(stage, { recursive: true, force: true });
}
