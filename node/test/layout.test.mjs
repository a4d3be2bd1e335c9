// The packages of the platforms agree with the package itself.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './cases.mjs';

const json = (...path) => JSON.parse(readFileSync(join(ROOT, ...path), 'utf8'));
const main = json('node/package.json');
const platforms = readdirSync(join(ROOT, 'node/npm'));

test('every package has the version of the workspace', () => {
  const workspace = /^version = "(.+)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'))[1];
  for (const manifest of [main, ...platforms.map((platform) => json('node/npm', platform, 'package.json'))]) {
    assert.equal(manifest.version, workspace, manifest.name);
    assert.deepEqual(manifest.engines, main.engines, manifest.name);
  }
});

test('every target has its package, which takes one addon and names its platform', () => {
  assert.equal(platforms.length, main.napi.targets.length);
  for (const platform of platforms) {
    const manifest = json('node/npm', platform, 'package.json');
    assert.equal(manifest.name, `komainu-${platform}`);
    assert.deepEqual(manifest.files, [`komainu.${platform}.node`]);
    assert.equal(manifest.main, `komainu.${platform}.node`);
    const [os, cpu, abi] = platform.split('-');
    assert.deepEqual([manifest.os, manifest.cpu], [[os], [cpu]]);
    assert.deepEqual(manifest.libc, { gnu: ['glibc'], musl: ['musl'] }[abi]);
  }
});

test('the installed package names every platform and the stand-in as optional, of its own version', () => {
  const installed = JSON.parse(readFileSync(new URL('package.json', import.meta.resolve('komainu/package.json')), 'utf8'));
  const names = [...platforms.map((platform) => `komainu-${platform}`), 'komainu-wasm'];
  assert.deepEqual(installed.optionalDependencies, Object.fromEntries(names.map((name) => [name, main.version])));
  assert.equal(installed.scripts, undefined);
  assert.equal(installed.dependencies, undefined);
});
