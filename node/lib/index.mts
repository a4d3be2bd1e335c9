// The same instance for `import` as for `require`: one addon, one worker queue.

export {
  Analyzer,
  backend,
  classify,
  classifyJson,
  LogReader,
  nameIn,
  parse,
  parseAsync,
  parseJson,
  parseJsonAsync,
  parseMany,
  parseStream,
  reasons,
  scan,
  ScanError,
  schemaVersion,
  systems,
} from './index.js';
export type * from './index.js';
