// Loads what does the parsing: the addon built for this platform, else the WebAssembly module.

import type { AnalyzerOptions, ClassifyOptions } from './options.js';

/** An analyzer of either kind. Everything comes back as the JSON text that all surfaces share. */
export interface BackendAnalyzer {
  parseJson(raw: Uint8Array): string;
  /** The bytes must not change until the promise settles. `null` stands for a message that broke the parser. */
  parseJsonAsync(raw: Uint8Array[]): Promise<(string | null)[]>;
  classifyJson(text: string, hints?: ClassifyOptions): string;
}

export interface Backend {
  name: 'native' | 'wasm';
  schemaVersion: string;
  create(options?: AnalyzerOptions): BackendAnalyzer;
}

interface Addon {
  NativeAnalyzer: new (options?: AnalyzerOptions) => BackendAnalyzer;
  schemaVersion(): string;
}

function native(): Backend {
  const addon = require('./native.js') as Addon;
  return {
    name: 'native',
    schemaVersion: addon.schemaVersion(),
    create: (options) => new addon.NativeAnalyzer(options),
  };
}

function load(): Backend {
  return native();
}

export const backend: Backend = load();
