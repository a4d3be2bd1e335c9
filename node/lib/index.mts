// The same instance for `import` as for `require`: one addon, one worker queue.

export {
  Analyzer,
  backend,
  batvAddress,
  classify,
  classifyJson,
  LogReader,
  nameIn,
  originalSender,
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
  verpAddress,
} from './index.js';
export type * from './index.js';
